"""Copies of the store on a second medium, sealed whole: taken each hour, a ring of them kept; and the way back."""
