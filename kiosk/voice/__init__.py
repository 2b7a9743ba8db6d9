"""Voice: clips of the board's calls and of the citizens' pages, the words that are spoken, and the speech engine.

`call_clips` and `page_clips` know which clips there are; `reading` turns a text of a page into spoken words; `sound`
reads and writes WAV files; `engine` is the port of a speech engine, with `espeak` and `voice_model` (ONNX) behind it.
"""
