//! Which addresses are public: reachable over the internet by everybody, and nothing else behind them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// IPv4 networks of the IANA special-purpose registry, with multicast and what is reserved: base and prefix length.
const SPECIAL_V4: &[(Ipv4Addr, u32)] = &[
    (Ipv4Addr::new(0, 0, 0, 0), 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 31, 196, 0), 24),
    (Ipv4Addr::new(192, 52, 193, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(192, 175, 48, 0), 24),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
];

/// Inside 2000::/3, the only part of IPv6 that is given out: what is special, or holds an IPv4 address.
const SPECIAL_V6: &[(Ipv6Addr, u32)] = &[
    // Protocol assignments with Teredo, benchmarking and ORCHID.
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    // 6to4.
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
    (Ipv6Addr::new(0x2620, 0x4f, 0x8000, 0, 0, 0, 0, 0), 48),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
];

/// Whether an address is public. One that holds another (mapped, NAT64, 6to4, Teredo …) is not, whatever it holds, but
/// for an IPv4 address mapped into IPv6, which is the same address.
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => !SPECIAL_V4.iter().any(|(base, bits)| {
            let cut = 32 - bits;
            base.to_bits() >> cut == address.to_bits() >> cut
        }),
        IpAddr::V6(address) => {
            let given_out = address.segments()[0] & 0xe000 == 0x2000;
            // ISATAP: an IPv4 address in the lower half, behind 5efe.
            let isatap = address.segments()[4] & 0xfdff == 0 && address.segments()[5] == 0x5efe;
            given_out
                && !isatap
                && !SPECIAL_V6.iter().any(|(base, bits)| {
                    let cut = 128 - bits;
                    base.to_bits() >> cut == address.to_bits() >> cut
                })
        }
    }
}
