namespace DaprRollouts.DevCluster.Api;

/// <summary>What a path of the API names: a group and version, a collection, an object or its subresource.</summary>
internal sealed record RequestTarget(string Group, string Version, string? Plural, string? Namespace, string? Name, string? Subresource)
{
    /// <summary>Null for a path that lies outside of /api/VERSION and /apis/GROUP/VERSION.</summary>
    public static RequestTarget? Parse(string path)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString).ToArray();
        return parts switch
        {
            ["api", var version, .. var rest] => Parse("", version, rest),
            ["apis", var group, var version, .. var rest] => Parse(group, version, rest),
            _ => null,
        };
    }

    private static RequestTarget? Parse(string group, string version, string[] rest)
    {
        RequestTarget Target(string? plural, string? ns, string? name, string? subresource) => new(group, version, plural, ns, name, subresource);
        return rest switch
        {
            [] => Target(null, null, null, null),
            ["namespaces", var name, ("status" or "finalize") and var subresource] => Target("namespaces", null, name, subresource),
            ["namespaces", var ns, var plural] => Target(plural, ns, null, null),
            ["namespaces", var ns, var plural, var name] => Target(plural, ns, name, null),
            ["namespaces", var ns, var plural, var name, var subresource] => Target(plural, ns, name, subresource),
            [var plural] => Target(plural, null, null, null),
            [var plural, var name] => Target(plural, null, name, null),
            [var plural, var name, var subresource] => Target(plural, null, name, subresource),
            _ => null,
        };
    }
}
