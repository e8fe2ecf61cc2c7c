package dev.portshare.route;

/** What will come of a condition, whatever else becomes known of a connection. */
enum Outlook {
    HOLDS,
    FAILS,
    /** It depends. */
    OPEN
}
