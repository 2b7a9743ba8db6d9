"""Payments seen by the bank: accounts of wards, notices by web hook or statement, and a twin bank for tests.

Nothing of a payer is stored: no name, no account and no text. A notice has the payment key that its text contained.
"""
