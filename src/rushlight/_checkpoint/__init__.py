"""PyTorch's checkpoint files, written and read: a zip archive of one pickle and the memory of each storage.

What is known of the format: `data.pkl` names each storage by a persistent id, ("storage", type, key, device, number of
elements), and the bytes of storage `key` are the record `data/<key>`, uncompressed and aligned.
"""
