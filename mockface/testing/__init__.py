"""mockface in a test of any framework: a handle that starts a server in a thread, or speaks to one that runs elsewhere.

    with Mockface() as m:
        person = m.add(code=-5803)
        ...                                  # the code under test calls m.url
        m.verify(person, code=-5803)

The web server is imported when a handle starts one, not before; the web framework only when a path of its own is asked
for.
"""

from mockface.testing.calls import Call, Calls
from mockface.testing.handle import Mockface
from mockface.testing.people import BadScenario, Credentials, Person, ScenarioFields, SharedServer

__all__ = ["BadScenario", "Call", "Calls", "Credentials", "Mockface", "Person", "ScenarioFields", "SharedServer"]
