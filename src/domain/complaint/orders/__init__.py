"""Work orders 工程维修工作单: the numbered form on which a repair or a special service is done.

Opened by dispatch under the centre's next number, handed out with the work, returned to dispatch,
verified by customer service; a spoiled one is void and keeps its number ([003] 报修处理程序).
"""
