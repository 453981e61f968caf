"""Disclosure 信息披露: who may see an owner's data, and the record of who did (domain section 8).

Read in this order: ``commands`` (what is asked), ``judging`` (the matrix's answer), ``rules`` (the
event of each answer), ``glass`` (emergencies), ``gateway`` (from the event to the clear value).
"""
