"""Privacy 个人信息: erasure on request, legal holds, exports in clear (domain section 8).

Read in this order: ``commands`` (what is asked), ``state`` (what binds a person's data), ``rules``
(which events follow).
"""
