package dev.portshare.config;

/** A key and a value of a mapping whose keys are the user's own. */
record YamlEntry(YamlValue key, YamlValue value) {}
