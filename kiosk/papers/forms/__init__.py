"""The official papers of the desk, A5: forms 01 to 05 of Circular 03/2025/TT-VPCP, and the sheet of handing out.

Each is a module with `pdf(case, ...)`: what the case is stands in `case`, what all of them share in `official`. They
read no store and ask no clock: whoever prints one says what was done and when.
"""
