package dev.portshare.backend.check;

/** That a connection is accepted. The kernel does that: a program listens there, whether it works or not. */
final class TcpProbe extends Probe {
    TcpProbe(byte[] preface) {
        super(preface);
    }

    @Override
    void ask(Line line) {
        // That it is there is the answer.
    }
}
