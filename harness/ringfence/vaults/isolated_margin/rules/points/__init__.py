"""Numbers by what they mean: points where the rules change their answer, and one unit to either side.

A point is frozen data with a readable ``repr``; the number it stands for is worked out against the model when
a rule runs. So a failing run can be pasted, and shrinks.
"""
