"""What `import torch` means in a process that was started with `python -m rushlight`.

`finder` maps the names `torch` and `torch.x.y` onto the modules `rushlight` and `rushlight.x.y` themselves,
`run` runs a script, module or string as plain python would, `missing` makes the errors for names that are
not there, `scan`, `sources` and `report` list the names that a program uses; `children` and `debugger` see
to it that `multiprocessing` and `pdb` do not notice.

Nothing is written to disk and nothing is inherited: other processes, those started with `subprocess` too,
see whatever `torch` is installed. Restarting the interpreter with a hook in its environment was rejected: it
leaks into every child, and NumPy would be loaded twice.
"""
