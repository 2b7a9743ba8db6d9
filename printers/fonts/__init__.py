"""The faces of paper, cut from their upstream files by `build`."""
