package dev.portshare.backend;

import dev.portshare.route.Mapping;
import dev.portshare.session.Endpoint;
import dev.portshare.session.MappedAddresses;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Gives each client an address of this machine that stands for it and for no other, at every route: the one that its own address
 * prefers, or the next that is free (docs/adr/0028-mapped-addresses.md). All event loops share it; what one asks of it takes no
 * longer the more clients there are.
 */
public final class MappedPool implements MappedAddresses {
    private static final Logger LOG = LogManager.getLogger(MappedPool.class);
    /** How many addresses without connections are remembered: some 6 MiB. */
    static final int MOST_IDLE = 65_536;
    /** How many are forgotten at once: more than a connection adds, and nobody waits for long. */
    private static final int FEW = 8;

    private static final long WARNING_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final Endpoint NOBODY = Endpoint.ipv4(0, 0);

    private Mapping mapping;
    private MappedNumbers numbers;
    /** Stands for those for whom no other is left. */
    private MappedEntry shared;

    /** The current entries: one for each client, and one for each address. */
    private MappedIndex byClient = MappedIndex.byClient();

    private MappedIndex byAddress = MappedIndex.byAddress();
    /** The others, which have connections still; their clients' next ones come from elsewhere. */
    private final MappedIndex retired = MappedIndex.byAddress();

    private final MappedIdle idle = new MappedIdle();
    private long sharedCount;
    private long toldCount;
    private long nextWarning = Long.MIN_VALUE;

    MappedPool(Mapping mapping) {
        this.mapping = mapping;
        this.numbers = new MappedNumbers(mapping);
        this.shared = new MappedEntry(NOBODY, numbers.shared);
    }

    /**
     * A connection of {@code client} begins; it comes from the entry's address, until {@link #release}.
     *
     * @param now {@link System#nanoTime}
     */
    MappedEntry lease(Endpoint client, long now) {
        MappedEntry entry;
        String warning = null;
        synchronized (this) {
            forget(FEW, now);
            entry = byClient.of(client);
            if (entry == null) {
                entry = entryFor(client);
            }
            enter(entry);
            if (entry == shared) {
                sharedCount++;
                if (nextWarning == Long.MIN_VALUE || now - nextWarning >= 0) {
                    nextWarning = now + WARNING_NANOS;
                    warning = "mapped.pool " + mapping.pool() + " is used up: " + (sharedCount - toldCount)
                            + " connection(s) come from "
                            + Endpoint.ipv4(shared.address, 0).hostString()
                            + ", which clients share; make the pool larger";
                    toldCount = sharedCount;
                }
            }
        }
        if (warning != null) {
            LOG.warn(warning);
        }
        return entry;
    }

    private MappedEntry entryFor(Endpoint client) {
        Endpoint named = nameFor(client);
        if (named != null) {
            return add(client, (int) named.low());
        }
        int address = numbers.freeFor(client);
        while (address == MappedNumbers.NONE) {
            MappedEntry oldest = idle.oldest();
            if (oldest == null) {
                return shared;
            }
            giveUp(oldest);
            // Unless a retired entry has it as well.
            address = numbers.isFree(oldest.address) ? oldest.address : MappedNumbers.NONE;
        }
        return add(client, address);
    }

    /** What the configuration names for {@code client}. */
    private @Nullable Endpoint nameFor(Endpoint client) {
        Map<Endpoint, Endpoint> fixed = mapping.fixed();
        return fixed.isEmpty() ? null : fixed.get(client.withPort(0));
    }

    private MappedEntry add(Endpoint client, int address) {
        MappedEntry entry = new MappedEntry(client, address);
        entry.isFixed = nameFor(client) != null;
        byClient.add(entry);
        byAddress.add(entry);
        numbers.take(address);
        return entry;
    }

    private void enter(MappedEntry entry) {
        if (entry.isIdle) {
            entry.isIdle = false;
            idle.remove(entry);
        }
        entry.connections++;
    }

    /** A connection that {@link #lease} or {@link #adopt} told {@code entry} has ended, at {@code now}. */
    synchronized void release(MappedEntry entry, long now) {
        entry.connections--;
        if (entry.connections > 0 || entry == shared) {
            return;
        }
        if (!entry.isCurrent) {
            retired.remove(entry);
            free(entry.address);
        } else if (entry.isFixed) {
            // The configuration remembers it.
            giveUp(entry);
        } else {
            entry.idleSince = now;
            entry.isIdle = true;
            idle.add(entry);
            forget(FEW, now);
            MappedEntry oldest = idle.oldest();
            if (oldest != null && idle.size() > MOST_IDLE) {
                giveUp(oldest);
            }
        }
    }

    /** Forgets up to {@code most} whose time is over; whether there were so many. */
    private boolean forget(int most, long now) {
        for (int i = 0; i < most; i++) {
            MappedEntry oldest = idle.oldest();
            if (oldest == null || rest(oldest, now) > 0) {
                return false;
            }
            giveUp(oldest);
        }
        return true;
    }

    private long rest(MappedEntry entry, long now) {
        return mapping.remember().toNanos() - (now - entry.idleSince);
    }

    /** A current entry that has no connections is one no more. */
    private void giveUp(MappedEntry entry) {
        if (entry.isIdle) {
            entry.isIdle = false;
            idle.remove(entry);
        }
        byClient.remove(entry);
        byAddress.remove(entry);
        free(entry.address);
    }

    /** Nobody who had {@code address} until now has it any more: somebody else may, unless another has. */
    private void free(int address) {
        if (byAddress.at(address) == null && retired.at(address) == null) {
            numbers.free(address);
        }
    }

    /**
     * A connection of {@code client} that another process made goes on; it comes from {@code address}.
     *
     * @return what it holds until {@link #release}; null where nobody can be given that address
     */
    synchronized @Nullable MappedEntry adopt(Endpoint client, int address) {
        MappedEntry entry = byClient.of(client);
        if (entry == null || entry.address != address) {
            entry = adopted(client, address, entry == null);
        }
        if (entry != null) {
            enter(entry);
        }
        return entry;
    }

    private @Nullable MappedEntry adopted(Endpoint client, int address, boolean hasNone) {
        Endpoint named = nameFor(client);
        if (named != null && (int) named.low() == address) {
            return add(client, address);
        }
        if (address == shared.address) {
            return shared;
        }
        if (!numbers.has(address)) {
            return null;
        }
        if (hasNone && named == null && numbers.isFree(address)) {
            return add(client, address);
        }
        // Another stands for it by now, or this one for another: two have it until this connection ends.
        MappedEntry entry = new MappedEntry(client, address);
        retire(entry);
        return entry;
    }

    private void retire(MappedEntry entry) {
        entry.isCurrent = false;
        retired.add(entry);
        numbers.take(entry.address);
    }

    /**
     * From now on {@code next} says what a new connection gets. Live ones keep their addresses, which nobody else gets meanwhile
     * unless {@code next} names one for another client: that gets it at once.
     */
    synchronized void follow(Mapping next) {
        boolean isSame = next.pool().equals(mapping.pool()) && next.fixed().equals(mapping.fixed());
        mapping = next;
        if (isSame) {
            return;
        }
        MappedIndex before = byClient;
        MappedEntry sharedBefore = shared;
        numbers = new MappedNumbers(next);
        shared = new MappedEntry(NOBODY, numbers.shared);
        byClient = byClient.empty();
        byAddress = byAddress.empty();
        retired.forEach(entry -> numbers.take(entry.address));
        if (sharedBefore.address == shared.address) {
            shared = sharedBefore;
        } else if (sharedBefore.connections > 0) {
            retire(sharedBefore);
        }
        before.forEach(this::follow);
    }

    private void follow(MappedEntry entry) {
        Endpoint own = nameFor(entry.client());
        boolean stays = own == null ? numbers.isCommon(entry.address) : (int) own.low() == entry.address;
        entry.isFixed = own != null;
        if (stays && !(entry.isFixed && entry.isIdle)) {
            byClient.add(entry);
            byAddress.add(entry);
            numbers.take(entry.address);
        } else if (entry.isIdle) {
            entry.isIdle = false;
            idle.remove(entry);
        } else {
            retire(entry);
        }
    }

    @Override
    public Counts counts() {
        long now = System.nanoTime();
        while (forgetSome(now)) {
            // One lock for each few: event loops come in between.
        }
        synchronized (this) {
            return new Counts(byClient.size() - idle.size() + retired.size(), idle.size(), sharedCount);
        }
    }

    private synchronized boolean forgetSome(long now) {
        return forget(FEW, now);
    }

    @Override
    public synchronized @Nullable Mapped of(Endpoint client) {
        MappedEntry entry = byClient.of(client);
        if (entry != null) {
            return told(entry);
        }
        Endpoint named = nameFor(client);
        return named == null ? null : new Mapped(client.withPort(0), named, 0, true, -1);
    }

    @Override
    public synchronized @Nullable Mapped at(Endpoint address) {
        int bits = (int) address.low();
        if (!address.isIpv4()) {
            return null;
        }
        MappedEntry entry = byAddress.at(bits);
        if (entry != null) {
            return told(entry);
        }
        for (Map.Entry<Endpoint, Endpoint> named : mapping.fixed().entrySet()) {
            if (named.getValue().low() == address.low()) {
                return new Mapped(named.getKey(), named.getValue(), 0, true, -1);
            }
        }
        if (bits == shared.address) {
            return told(shared);
        }
        entry = retired.at(bits);
        return entry == null ? null : told(entry);
    }

    private @Nullable Mapped told(MappedEntry entry) {
        long rest = entry.isIdle ? rest(entry, System.nanoTime()) : -1;
        if (entry.isIdle && rest <= 0) {
            return null;
        }
        Endpoint client = entry.isOf(NOBODY) ? null : entry.client();
        return new Mapped(client, Endpoint.ipv4(entry.address, 0), entry.connections, entry.isFixed, rest);
    }
}
