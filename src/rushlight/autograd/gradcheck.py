"""placeholder"""
gradcheck = gradgradcheck = None
