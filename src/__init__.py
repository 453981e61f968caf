"""guanjia (管家): an event-sourced domain library for residential property service centres."""
