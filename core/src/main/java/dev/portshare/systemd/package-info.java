/** What the service manager tells this process by its environment, and is told: sd_listen_fds(3), sd_notify(3). */
@NullMarked
package dev.portshare.systemd;

import org.jspecify.annotations.NullMarked;
