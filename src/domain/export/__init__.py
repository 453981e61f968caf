"""Export 明文导出: a list in clear, asked for by one, approved by another, watermarked, destroyed
(domain section 8).

Read in this order: ``commands``, ``state``, ``rules``.
"""
