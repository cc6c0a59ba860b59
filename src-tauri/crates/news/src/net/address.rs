//! Which addresses may be connected to.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Which address ranges are open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// The public internet only.
    Public,
    /// Loopback, private and unique-local addresses as well, for doubles in tests.
    PrivateToo,
}

impl Reach {
    /// Whether `address` may be connected to.
    pub(super) fn allows(self, address: IpAddr) -> bool {
        let address = match address {
            IpAddr::V4(v4) => v4,
            IpAddr::V6(v6) => match embedded_v4(v6) {
                Some(v4) => v4,
                None => return self.allows_v6(v6),
            },
        };
        self.allows_v4(address)
    }

    fn allows_v4(self, ip: Ipv4Addr) -> bool {
        if ip.is_loopback() || ip.is_private() {
            return self == Self::PrivateToo;
        }
        let [a, b, c, _] = ip.octets();
        let refused = a == 0
            || a >= 224 // multicast, reserved, broadcast
            || ip.is_link_local()
            || (a == 100 && (64..128).contains(&b)) // shared address space, RFC 6598
            || (a == 192 && b == 0 && (c == 0 || c == 2)) // protocol assignments, documentation
            || (a == 192 && b == 88 && c == 99) // 6to4 relays
            || (a == 198 && (b == 18 || b == 19)) // benchmarks
            || (a == 198 && b == 51 && c == 100)
            || (a == 203 && b == 0 && c == 113);
        !refused
    }

    fn allows_v6(self, ip: Ipv6Addr) -> bool {
        let [first, second, ..] = ip.segments();
        if ip.is_loopback() || first & 0xfe00 == 0xfc00 {
            return self == Self::PrivateToo;
        }
        // Of what is left, only global unicast (2000::/3) is routed; documentation and Teredo lie inside it.
        first & 0xe000 == 0x2000 && !(first == 0x2001 && (second == 0x0db8 || second == 0))
    }
}

/// The IPv4 address that an IPv6 address stands for: mapped, compatible, NAT64 and 6to4.
fn embedded_v4(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    let [a, b, c, d, e, f, g, h] = ip.segments();
    let v4 = |high: u16, low: u16| {
        let [w, x] = high.to_be_bytes();
        let [y, z] = low.to_be_bytes();
        Ipv4Addr::new(w, x, y, z)
    };
    match (a, b, c, d, e, f) {
        (0, 0, 0, 0, 0, 0xffff) | (0, 0, 0, 0, 0xffff, 0) | (0x64, 0xff9b, 0, 0, 0, 0) => Some(v4(g, h)),
        (0, 0, 0, 0, 0, 0) if (g, h) != (0, 1) => Some(v4(g, h)),
        (0x64, 0xff9b, 1, ..) => Some(Ipv4Addr::UNSPECIFIED),
        (0x2002, ..) => Some(v4(b, c)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_public_internet_is_open() {
        let check = |text: &str, public: bool, private_too: bool| {
            let ip: IpAddr = text.parse().unwrap();
            assert_eq!(Reach::Public.allows(ip), public, "{text}");
            assert_eq!(Reach::PrivateToo.allows(ip), private_too, "{text} in tests");
        };
        for open in [
            "1.1.1.1",
            "93.184.216.34",
            "100.63.255.255",
            "100.128.0.1",
            "172.32.0.1",
            "2606:4700::1111",
        ] {
            check(open, true, true);
        }
        for private in [
            "127.0.0.1",
            "127.255.0.1",
            "10.0.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "::1",
            "fd00::1",
            "fc00::1",
            "::ffff:127.0.0.1",
            "::ffff:10.1.2.3",
            "::7f00:1",
            "64:ff9b::a00:1",
            "2002:c0a8:101::1",
        ] {
            check(private, false, true);
        }
        for never in [
            "0.0.0.0",
            "0.1.2.3",
            "169.254.169.254",
            "::ffff:169.254.169.254",
            "64:ff9b::a9fe:a9fe",
            "100.64.0.1",
            "100.127.255.255",
            "192.0.0.1",
            "192.0.2.1",
            "198.18.0.1",
            "203.0.113.9",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "2001:db8::1",
            "2001::1",
            "64:ff9b:1::1",
            "100::1",
        ] {
            check(never, false, false);
        }
    }
}
