//! Every spelling of an address that must not be reached.

use super::*;

/// Forbidden for everybody who is not allowed by hand.
const FORBIDDEN: &[&str] = &[
    // This machine, in every spelling that some library reads as 127.0.0.1.
    "http://127.0.0.1/",
    "http://127.0.0.1:8733/hook",
    "http://127.0.0.1./",
    "http://127.1/",
    "http://127.0.1/",
    "http://127.255.255.254/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0x7F.0.0.1/",
    "http://0x7f.1/",
    "http://017700000001/",
    "http://0177.0.0.1/",
    "http://0177.0.0.01/",
    "http://%31%32%37.0.0.1/",
    "http://127.0.0.1\u{3002}/",
    "http://\u{ff11}\u{ff12}\u{ff17}.0.0.1/",
    "http://\u{2460}\u{2461}\u{2466}.0.0.1/",
    "http:\\\\127.0.0.1\\",
    "http:127.0.0.1",
    "https:/127.0.0.1/",
    "HTTP://127.0.0.1/",
    "http://localhost/",
    "http://LOCALHOST/",
    "http://localhost./",
    "http://foo.localhost/",
    "http://a.b.LocalHost./",
    "http://l\u{ff4f}calhost/",
    "http://[::1]/",
    "http://[0:0:0:0:0:0:0:1]/",
    "http://[0000::0001]:9000/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[0:0:0:0:0:ffff:127.0.0.1]/",
    "http://[::127.0.0.1]/",
    "http://[64:ff9b::127.0.0.1]/",
    "http://[64:ff9b:1::7f00:1]/",
    "http://[2002:7f00:1::]/",
    "http://[2001:0:7f00:1::]/",
    "http://[2001:db8::5efe:7f00:1]/",
    "http://[2606:4700::5efe:7f00:1]/",
    "http://[2606:4700::200:5efe:7f00:1]/",
    // Everything that is not said to be somewhere.
    "http://0/",
    "http://0.0.0.0/",
    "http://0.1.2.3/",
    "http://0x0/",
    "http://[::]/",
    "http://[::ffff:0:0]/",
    "http://[::ffff:0:127.0.0.1]/",
    // Cloud metadata and other link-local addresses.
    "http://169.254.169.254/latest/meta-data/",
    "http://2852039166/",
    "http://0xa9fea9fe/",
    "http://0251.0376.0251.0376/",
    "http://[::ffff:169.254.169.254]/",
    "http://[fd00:ec2::254]/",
    "http://[fe80::1]/",
    "http://[febf::1]/",
    "http://[64:ff9b::a9fe:a9fe]/",
    "http://[2002:a9fe:a9fe::1]/",
    // Private networks.
    "http://10.0.0.1/",
    "http://10.1/",
    "http://167772161/",
    "http://172.16.0.1/",
    "http://172.31.255.255/",
    "http://192.168.1.1/",
    "http://192.168.257/",
    "http://0xc0a80101/",
    "http://100.64.0.1/",
    "http://100.127.255.255/",
    "http://[fc00::1]/",
    "http://[fd12:3456:789a::1]/",
    "http://[fec0::1]/",
    "http://[::ffff:10.0.0.1]/",
    "http://[::ffff:192.168.0.1]/",
    // Multicast, broadcast, documentation, benchmarks, reserved.
    "http://224.0.0.1/",
    "http://239.255.255.250/",
    "http://255.255.255.255/",
    "http://240.0.0.1/",
    "http://192.0.2.1/",
    "http://198.51.100.7/",
    "http://203.0.113.9/",
    "http://198.18.0.1/",
    "http://198.19.255.255/",
    "http://192.0.0.170/",
    "http://192.88.99.1/",
    "http://[ff02::1]/",
    "http://[ff0e::1]/",
    "http://[2001:db8::1]/",
    "http://[3fff::1]/",
    "http://[2001:2::1]/",
    "http://[2001:10::1]/",
    "http://[100::1]/",
    "http://[5f00::1]/",
    "http://[4000::1]/",
];

/// No address at all, or one with something that a URL of a webhook must not have.
const MALFORMED: &[&str] = &[
    "",
    "127.0.0.1",
    "//127.0.0.1/",
    "/hook",
    "ftp://example.com/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:6379/_",
    "javascript:alert(1)",
    "data:text/plain,x",
    "unix:///var/run/docker.sock",
    "http://",
    "http:///",
    "http://user@example.com/",
    "http://user:password@example.com/",
    "http://:password@example.com/",
    "http://example.com:80@127.0.0.1/",
    "http://127.0.0.1:80\\@example.com/x@y",
    "http://exa mple.com/",
    "http://example.com:99999/",
    "http://256.256.256.256/",
    "http://1.2.3.4.5/",
    "http://0x100000000/",
    "http://[::1/",
    "http://[::1%25lo]/",
    "http://[fe80::1%eth0]/",
];

const GOOD: &[&str] = &[
    "https://example.com/hook?token=x",
    "http://example.com:8080/",
    "https://1.1.1.1/",
    "https://[2606:4700:4700::1111]/",
    "http://[::ffff:1.1.1.1]/",
    "http://172.15.0.1/",
    "http://172.32.0.1/",
    "http://100.63.255.255/",
    "http://100.128.0.1/",
    "http://169.253.0.1/",
    "http://198.17.0.1/",
    "http://198.20.0.1/",
    "http://223.255.255.255/",
    "https://localhost.example.com/",
    "https://notlocalhost/",
    "https://b\u{fc}cher.example/",
];

fn allowing(networks: &[&str]) -> Addresses {
    let allowed = networks.iter().map(|network| network.parse().unwrap()).collect();
    Addresses { allowed, own_port: Some(8733), https_only: false }
}

#[test]
fn no_spelling_of_a_forbidden_address_gets_through() {
    assert!(FORBIDDEN.len() >= 60);
    for url in FORBIDDEN {
        let found = Addresses::default().check(url);
        let refused = matches!(found, Err(Forbidden::NotPublic(_) | Forbidden::ThisMachine));
        assert!(refused || found.is_err(), "{url}: {found:?}");
        // Only a URL that no library understands may be refused for that.
        assert!(refused || matches!(found, Err(Forbidden::NoUrl(_))), "{url}: {found:?}");
    }
    for url in MALFORMED {
        assert!(Addresses::default().check(url).is_err(), "{url}");
    }
}

#[test]
fn public_addresses_and_names_get_through() {
    for url in GOOD {
        Addresses::default().check(url).unwrap_or_else(|error| panic!("{url} {error}"));
    }
}

#[test]
fn an_allowed_network_can_be_reached_but_not_on_our_own_port() {
    let addresses = allowing(&["127.0.0.0/8", "fd00::/8"]);
    for url in ["http://127.0.0.1:9000/", "http://localhost:9000/", "http://[::ffff:127.0.0.1]/", "http://[fd00::1]/"] {
        addresses.check(url).unwrap_or_else(|error| panic!("{url} {error}"));
    }
    for url in ["http://127.0.0.1:8733/", "http://localhost:8733/", "http://[::1]/", "http://10.0.0.1/", "http://0/"] {
        assert!(addresses.check(url).is_err(), "{url}");
    }
    assert!(addresses.check("https://example.com:8733/").is_ok());
}

#[test]
fn a_hosted_server_sends_plain_http_only_to_what_is_allowed() {
    let addresses = Addresses { https_only: true, ..allowing(&["10.1.2.3"]) };
    for (url, found) in [
        ("https://example.com/", None),
        ("https://10.1.2.3/", None),
        ("http://10.1.2.3/", None),
        ("http://example.com/", Some(Forbidden::Plain)),
        ("http://1.1.1.1/", Some(Forbidden::Plain)),
    ] {
        assert_eq!(addresses.check(url).err(), found, "{url}");
    }
}

#[test]
fn a_network_is_an_address_with_or_without_a_length() {
    for (network, inside, outside) in [
        ("10.0.0.0/8", "10.255.255.255", "11.0.0.0"),
        ("127.0.0.1", "127.0.0.1", "127.0.0.2"),
        ("192.168.4.0/22", "192.168.7.255", "192.168.8.0"),
        ("0.0.0.0/0", "255.1.2.3", "fd00::1"),
        ("fd00::/8", "fdff::1", "fe00::1"),
        ("::/0", "::1", "127.0.0.1"),
        ("10.0.0.0/8", "::ffff:10.0.0.1", "::10.0.0.1"),
    ] {
        let read: Network = network.parse().unwrap();
        assert!(read.contains(inside.parse().unwrap()), "{network} {inside}");
        assert!(!read.contains(outside.parse().unwrap()), "{network} {outside}");
    }
    for bad in ["", "10", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "/8", "::/129", "localhost", "0x7f.0.0.1"] {
        assert_eq!(bad.parse::<Network>(), Err(NoNetwork), "{bad}");
    }
    assert_eq!("10.0.0.0/8".parse::<Network>().unwrap().to_string(), "10.0.0.0/8");
}
