"""查进度: what the person who brought a case sees of it, and what they may do."""
