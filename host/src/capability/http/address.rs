//! Which addresses of the network may be connected to.
//!
//! A name that a tenant's settings grant can still resolve to this machine, to a neighbour or to a
//! cloud's metadata service. So each address is checked when it was resolved, and only checked
//! addresses are connected to. Refused unless the operator allows the network: private, loopback,
//! link-local, shared (CGNAT), multicast, unspecified, documentation, benchmarking and reserved
//! ranges, and every form in which version 6 carries one of version 4.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use ipnet::IpNet;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// The networks that the operator allows beside the public ones. An empty list allows public
/// addresses only.
#[derive(Debug, Clone, Default)]
pub struct AllowedNetworks(Arc<[IpNet]>);

/// A network that is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a network; write it as 10.1.0.0/16, fd00:1::/32, or a single address")]
pub struct NotANetwork(String);

impl AllowedNetworks {
    /// Reads networks in CIDR form, or single addresses.
    ///
    /// # Errors
    /// [`NotANetwork`] with the first text that is none.
    pub fn parse<S: AsRef<str>>(texts: &[S]) -> Result<Self, NotANetwork> {
        texts
            .iter()
            .map(|text| {
                let text = text.as_ref().trim();
                text.parse::<IpNet>()
                    .or_else(|_| text.parse::<IpAddr>().map(IpNet::from))
                    .map_err(|_| NotANetwork(text.to_owned()))
            })
            .collect::<Result<Vec<_>, _>>()
            .map(|networks| Self(networks.into()))
    }

    /// Whether an address may be connected to.
    pub fn permits(&self, address: IpAddr) -> bool {
        // The version 4 inside counts, whatever it is wrapped in.
        is_public(unwrapped(address)) || self.names(address)
    }

    /// Whether the operator named a network of this address.
    pub fn names(&self, address: IpAddr) -> bool {
        let inner = unwrapped(address);
        self.0
            .iter()
            .any(|network| network.contains(&inner) || network.contains(&address))
    }
}

/// A version 4 address out of its version 6 forms: mapped, compatible, NAT64 and 6to4.
fn unwrapped(address: IpAddr) -> IpAddr {
    let IpAddr::V6(v6) = address else {
        return address;
    };
    if let Some(v4) = v6.to_ipv4_mapped() {
        return v4.into();
    }
    let from = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        IpAddr::from(Ipv4Addr::new(a, b, c, d))
    };
    match v6.segments() {
        // ::1 and :: stay what they are.
        [0, 0, 0, 0, 0, 0, 0, 0 | 1] => address,
        [0, 0, 0, 0, 0, 0, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => from(high, low),
        [0x2002, high, low, ..] => from(high, low),
        _ => address,
    }
}

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

/// The special purpose registry of IANA, version 4 (RFC 6890 and its successors).
fn is_public_v4(address: Ipv4Addr) -> bool {
    let special = matches!(
        address.octets(),
        [0 | 10 | 127, ..]
            | [100, 64..=127, ..]
            | [169, 254, ..]
            | [172, 16..=31, ..]
            | [192, 0, 0 | 2, _]
            | [192, 88, 99, _]
            | [192, 168, ..]
            | [198, 18 | 19, ..]
            | [198, 51, 100, _]
            | [203, 0, 113, _]
            | [224..=255, ..]
    );
    !special
}

/// Of version 6 only global unicast (2000::/3), without its special parts.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let special = matches!(
        address.segments(),
        // Protocol assignments with Teredo and ORCHID; documentation, twice.
        [0x2001, 0..=0x1ff, ..] | [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..]
    );
    matches!(address.segments(), [0x2000..=0x3fff, ..]) && !special
}

/// Every address of a name is in a network that nobody allowed.
#[derive(Debug, thiserror::Error)]
#[error("{0} resolves to addresses that the operator does not allow")]
pub(super) struct Prohibited(pub(super) String);

/// A name has no address.
#[derive(Debug, thiserror::Error)]
#[error("{0} has no address")]
pub(super) struct NoSuchName(String);

/// Resolves names as the machine does, and lets only permitted addresses through.
pub(super) struct CheckedResolver(pub(super) AllowedNetworks);

impl Resolve for CheckedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let networks = self.0.clone();
        Box::pin(async move {
            let host = name.as_str().to_owned();
            let found: Vec<SocketAddr> = tokio::net::lookup_host((host.as_str(), 0))
                .await
                .map_err(|_| NoSuchName(host.clone()))?
                .collect();
            if found.is_empty() {
                return Err(NoSuchName(host).into());
            }
            let permitted: Vec<SocketAddr> = found
                .into_iter()
                .filter(|address| networks.permits(address.ip()))
                .collect();
            if permitted.is_empty() {
                return Err(Prohibited(host).into());
            }
            Ok(Box::new(permitted.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::AllowedNetworks;

    fn permits(networks: &[&str], address: &str) -> bool {
        AllowedNetworks::parse(networks)
            .unwrap()
            .permits(address.parse().unwrap())
    }

    #[test]
    fn addresses_of_no_public_network_are_refused() {
        for address in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "169.254.169.254",
            "172.31.255.255",
            "192.168.1.1",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:a9fe:a9fe",
            "::7f00:1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2001:db8::1",
            "fc00::1",
            "fe80::1",
            "ff02::1",
        ] {
            assert!(!permits(&[], address), "{address}");
        }
        for address in ["52.96.0.1", "172.32.0.1", "2603:1026::1"] {
            assert!(permits(&[], address), "{address}");
        }
    }

    #[test]
    fn an_allowed_network_opens_itself_and_nothing_beside() {
        assert!(permits(&["127.0.0.0/8"], "127.0.0.1"));
        assert!(permits(&["127.0.0.0/8"], "::ffff:127.0.0.1"));
        assert!(permits(&["10.0.0.7"], "10.0.0.7"));
        assert!(permits(&["::1"], "::1"));
        assert!(!permits(&["127.0.0.0/8"], "10.0.0.1"));
        assert!(!permits(&["127.0.0.0/8"], "::1"));
    }

    #[test]
    fn what_is_no_network_says_how_to_write_one() {
        let error = AllowedNetworks::parse(&["10.0.0.0/33"]).unwrap_err();
        assert!(error.to_string().contains("10.1.0.0/16"), "{error}");
    }
}
