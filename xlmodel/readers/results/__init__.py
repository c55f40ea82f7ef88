"""Result files of load testers: a registry, a module a format, and one measurement for what each says of a run."""
