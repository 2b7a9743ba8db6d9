"""Official papers of decisions, A5: forms 01 to 05 of Circular 03/2025/TT-VPCP, and the handover sheet.

Each module has `pdf(case, ...)`; `official` has what they share. They read neither store nor clock: the caller passes
the decision and its time.
"""
