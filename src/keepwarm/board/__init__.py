"""The board: a page of this machine that shows a case hour by hour and answers what-ifs."""
