"""A log of a helpdesk as a CSV file, and the mapping that reads it."""

MAPPING = """
source = "desk log"
case = "T-{id}"
activity = "{what}"
by = "{who}"
ignore = ["seen"]

[time]
column = "when"
zone = "Europe/Rome"

[staff]
account = "{who}"
post = "steward"
centre = "north"
department = "service"

[[rows]]
activity = "opened"
when = "first"
  [[rows.commands]]
  do = "receive_complaint"
  centre = "north"
  channel = "{how}"
  category = "repair"
  topic = "desk-{how}"
  text = "{id}: {text}"
  contact = { name = "{name}" }
  read_back = true

[[rows]]
activity = "opened"
when = "later"
  [[rows.commands]]
  do = "report_progress"
  text = "asked again"

[[rows]]
activity = ["taken", "given back"]
  [[rows.commands]]
  do = "dispatch_complaint"
  department = "service"
  handler = "{who}"
  [[rows.commands]]
  do = "accept_complaint"

[[rows]]
activity = "told"
commands = []

[[rows]]
activity = "done"
  [[rows.commands]]
  do = "finish_handling"
  result = "done"

[values.how]
tel = "phone"
"*" = "visit"
"""
HEADER = "id,what,who,when,how,text,name\n"


def log(*rows: str) -> str:
    """Return a CSV file of rows without the last two columns."""
    return HEADER + "".join(f"{row},words,Rossi\n" for row in rows)
