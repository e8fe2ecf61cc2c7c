package dev.portshare.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.portshare.session.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CidrTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.0/24, 192.0.2.0/24",
        "192.0.2.7, 192.0.2.7/32",
        "0.0.0.0/0, 0.0.0.0/0",
        "2001:db8::/32, 2001:db8::/32",
        "2001:DB8:0::1, 2001:db8::1/128",
        "::/0, ::/0",
        "::ffff:192.0.2.0/120, 192.0.2.0/24"
    })
    void givesBackItsNotation(String notation, String canonical) {
        assertThat(Cidr.parse(notation)).hasToString(canonical);
        assertThat(Cidr.parse(canonical)).isEqualTo(Cidr.parse(notation));
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " => ", textBlock = """
        192.0.2.7/24 => host bits in "192.0.2.7/24"; write 192.0.2.0/24
        2001:db8::1/32 => host bits in "2001:db8::1/32"; write 2001:db8::/32
        192.0.2.0/33 => no prefix length 33 in "192.0.2.0/33"; IPv4 has 0 to 32
        ::/129 => no prefix length 129 in "::/129"; IPv6 has 0 to 128
        10.0/8 => "10.0/8" is no CIDR; write one such as 192.0.2.0/24 or 2001:db8::/32
        192.0.2.0/ => "192.0.2.0/" is no CIDR; write one such as 192.0.2.0/24 or 2001:db8::/32
        example.org => "example.org" is no CIDR; write one such as 192.0.2.0/24 or 2001:db8::/32
        fe80::1%1 => "fe80::1%1" is no CIDR; write one such as 192.0.2.0/24 or 2001:db8::/32
        """)
    void saysWhatIsWrongAndWhatToWrite(String notation, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Cidr.parse(notation))
                .withMessage(message);
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.0/24, 192.0.2.255, true",
        "192.0.2.0/24, 192.0.3.0, false",
        "0.0.0.0/0, 255.255.255.255, true",
        "0.0.0.0/0, ::1, false",
        "2001:db8::/32, 2001:db8:ffff::1, true",
        "2001:db8::/65, 2001:db8:0:0:8000::, false",
        "::/0, 2001:db8::1, true"
    })
    void containsTheAddressesUnderItsPrefix(String block, String client, boolean contained) {
        assertThat(Cidr.parse(block).contains(client(client))).isEqualTo(contained);
        assertThat(CidrSet.of(List.of(Cidr.parse(block))).contains(client(client)))
                .isEqualTo(contained);
    }

    @Test
    void anIpv4ClientOfADualStackSocketIsInIpv4BlocksAndInNoIpv6Block() {
        Endpoint mapped = new Endpoint(0, 0xffff_c000_0207L, 1024, 0);
        assertThat(Cidr.parse("192.0.2.0/24").contains(mapped)).isTrue();
        assertThat(Cidr.parse("::/0").contains(mapped)).isFalse();
        assertThat(CidrSet.of(List.of(Cidr.parse("::/0"))).contains(mapped)).isFalse();
    }

    @Test
    void aSetContainsWhatOneOfItsBlocksContains() {
        Random random = new Random(443);
        for (int round = 0; round < 200; round++) {
            List<Cidr> blocks = new ArrayList<>();
            for (int i = random.nextInt(12); i > 0; i--) {
                blocks.add(Cidr.around(address(random), random.nextInt(129)));
            }
            CidrSet set = CidrSet.of(blocks);
            for (int i = 0; i < 50; i++) {
                Endpoint client = address(random);
                assertThat(set.contains(client))
                        .as("%s in %s", client, blocks)
                        .isEqualTo(blocks.stream().anyMatch(block -> block.contains(client)));
            }
        }
    }

    /** Wherever they are: spread evenly, and many in few networks. */
    @Test
    void aLargeSetContainsWhatOneOfItsBlocksContains() {
        Random random = new Random(445);
        List<Cidr> blocks = new ArrayList<>();
        for (int i = 0; i < 16_000; i++) {
            blocks.add(Cidr.around(wide(random), random.nextInt(10) == 0 ? 96 + 12 + random.nextInt(20) : 128));
        }
        CidrSet set = CidrSet.of(blocks);
        assertThat(set.blocks().stream().filter(Cidr::isIpv4)).hasSizeGreaterThan(3_000);
        int contained = 0;
        for (int i = 0; i < 2_000; i++) {
            Endpoint client = i % 2 == 0 ? wide(random) : within(blocks.get(random.nextInt(blocks.size())), random);
            boolean isContained = blocks.stream().anyMatch(block -> block.contains(client));
            assertThat(set.contains(client)).as("%s", client).isEqualTo(isContained);
            assertThat(set.covers(Cidr.around(client, 128))).isEqualTo(isContained);
            contained += isContained ? 1 : 0;
        }
        assertThat(contained).isBetween(1_000, 1_990);
    }

    private static Endpoint wide(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> Endpoint.ipv4(random.nextInt(), 1);
            case 1 -> Endpoint.ipv4(0x0a01_0000 | random.nextInt(1 << 15), 1);
            case 2 -> new Endpoint(0x2000_0000_0000_0000L | random.nextLong() >>> 3, random.nextLong(), 1, 0);
            default -> new Endpoint(0x2001_0db8_0000_0000L | random.nextInt(3), random.nextInt(1 << 14), 1, 0);
        };
    }

    private static Endpoint within(Cidr block, Random random) {
        long low = block.low() | random.nextLong() & ~Cidr.lowMask(block.prefixLength());
        return new Endpoint(block.high(), low, 1, 0);
    }

    @Test
    void aSetHasTheFewestBlocksThatContainTheSame() {
        assertThat(set("10.0.0.128/25 ::1 10.0.0.0/25 10.0.0.7 8000::/1 ::/1").blocks())
                .extracting(Cidr::toString)
                .containsExactly("10.0.0.0/24", "::/0");
        assertThat(set("255.255.255.255 0.0.0.0 2001:db8::1:0 2001:db8::ffff").blocks())
                .extracting(Cidr::toString)
                .containsExactly("0.0.0.0/32", "255.255.255.255/32", "2001:db8::ffff/128", "2001:db8::1:0/128");
        assertThat(set("2001:db8:0:0:ffff:ffff:ffff:ffff 2001:db8:0:1::/64")
                        .contains(client("2001:db8:0:1:ffff:ffff:ffff:ffff")))
                .isTrue();
        Random random = new Random(444);
        for (int round = 0; round < 200; round++) {
            List<Cidr> blocks = new ArrayList<>();
            for (int i = random.nextInt(12); i > 0; i--) {
                blocks.add(Cidr.around(address(random), random.nextInt(129)));
            }
            CidrSet set = CidrSet.of(blocks);
            assertThat(CidrSet.of(set.blocks())).isEqualTo(set);
            assertThat(set.blocks()).allMatch(set::covers);
            assertThat(blocks).allMatch(set::covers);
        }
    }

    @Test
    void aSetCoversWhatItsBlocksMakeUpTogetherAndNoMore() {
        CidrSet set = set("10.0.0.0/25 10.0.0.128/25 10.0.1.0/26 ::/0");
        assertThat(set.covers(Cidr.parse("10.0.0.0/24"))).isTrue();
        assertThat(set.covers(Cidr.parse("10.0.1.0/25"))).isFalse();
        assertThat(set.covers(Cidr.parse("10.0.0.0/23"))).isFalse();
        assertThat(set.covers(Cidr.parse("0.0.0.0/0")))
                .as("of the other family")
                .isFalse();
        assertThat(set.covers(Cidr.parse("2001:db8::/32"))).isTrue();
    }

    private static CidrSet set(String blocks) {
        return CidrSet.of(Stream.of(blocks.split(" ")).map(Cidr::parse).toList());
    }

    /** Addresses of both families that differ in few bits, so that blocks meet and overlap. */
    private static Endpoint address(Random random) {
        long bits = random.nextInt(2) * (1L << random.nextInt(64));
        return random.nextBoolean()
                ? Endpoint.ipv4(0x0a00_0000 | random.nextInt(4) << random.nextInt(24), 1)
                : new Endpoint(0x2001_0db8_0000_0000L | bits, random.nextInt(4), 1, 0);
    }

    static Endpoint client(String address) {
        return Endpoint.of(Objects.requireNonNull(HostPort.literal(address)), 50_000);
    }
}
