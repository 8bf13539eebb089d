using System.Net;

namespace DaprRollouts.Activities.Metrics;

/// <summary>Which hosts measurements may not talk to: names, names with <c>*.</c> in front, and ranges of addresses such as <c>10.0.0.0/8</c>.</summary>
public sealed class MetricHostPolicy
{
    // Where clouds serve the credentials of the machine: a metric must not be a way to read them.
    private static readonly string[] CloudMetadata = ["169.254.0.0/16", "fe80::/10", "fd00:ec2::254/128"];

    private readonly List<string> _names = [];
    private readonly List<IPNetwork> _ranges = [];

    /// <param name="denied">What is denied beside the addresses of cloud metadata.</param>
    public MetricHostPolicy(IEnumerable<string> denied)
    {
        foreach (var item in denied.Concat(CloudMetadata).Select(d => d.Trim()).Where(d => d.Length > 0))
        {
            if (IPNetwork.TryParse(item, out var range))
            {
                _ranges.Add(range);
            }
            else if (IPAddress.TryParse(item, out var address))
            {
                _ranges.Add(new IPNetwork(address, address.GetAddressBytes().Length * 8));
            }
            else
            {
                _names.Add(item);
            }
        }
    }

    /// <summary>Only the addresses of cloud metadata are denied.</summary>
    public static MetricHostPolicy Default { get; } = new([]);

    /// <summary>Whether a text is a rule that can be kept.</summary>
    public static bool IsRule(string text) =>
        IPNetwork.TryParse(text, out _) || IPAddress.TryParse(text, out _)
        || Uri.CheckHostName(text.StartsWith("*.", StringComparison.Ordinal) ? text[2..] : text) == UriHostNameType.Dns;

    /// <summary>Whether a host may not be asked, by its name.</summary>
    public bool Denies(string host) =>
        _names.Exists(n => n.StartsWith("*.", StringComparison.Ordinal)
            ? host.EndsWith(n[1..], StringComparison.OrdinalIgnoreCase)
            : host.Equals(n, StringComparison.OrdinalIgnoreCase))
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && Denies(address));

    /// <summary>Whether an address may not be asked.</summary>
    public bool Denies(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return _ranges.Exists(r => r.Contains(plain));
    }
}
