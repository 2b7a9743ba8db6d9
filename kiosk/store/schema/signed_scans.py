"""A scan says whether it is a PDF with a digital signature, which is kept as it came, and the verdict on it."""

SQL = """
alter table scans add column signed text not null default '' check (signed in ('', 'valid', 'unsure', 'bad'));
"""
