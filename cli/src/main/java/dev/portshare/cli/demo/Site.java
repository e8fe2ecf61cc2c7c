package dev.portshare.cli.demo;

/** The two pages, each the backend of the route of its name. */
enum Site {
    WEB("web", "the web server"),
    BLOG("blog", "the blog");

    final String route;
    final String title;

    Site(String route, String title) {
        this.route = route;
        this.title = title;
    }

    /** What to try when this one has been seen. */
    String next(Commands commands) {
        return switch (this) {
            case WEB -> commands.blog();
            case BLOG -> commands.vpn();
        };
    }
}
