using System.Text.Json;

namespace DaprRollouts.Core.Images;

/// <summary>Finds the pushed images in what registries tell: each has words of its own.</summary>
public static class PushNotice
{
    private const string Expected =
        "expected {\"image\": ..., \"tag\" or \"digest\": ...} or a notification of a Docker registry, ACR, Docker Hub, GHCR, Google Artifact Registry or Harbor";

    /// <summary>The images; none if it tells of something else, such as a deleted image; null with an error if it is not understood.</summary>
    public static (IReadOnlyList<ImagePush>? Pushes, string? Error) Read(JsonElement notice)
    {
        if (notice.ValueKind != JsonValueKind.Object)
        {
            return (null, $"a push is told by a JSON object, not {notice.ValueKind}");
        }

        var told = Own(notice) ?? Distribution(notice) ?? Harbor(notice) ?? GitHub(notice) ?? DockerHub(notice) ?? Google(notice);
        return told ?? (null, $"it tells of no image: {Expected}");
    }

    private static (IReadOnlyList<ImagePush>? Pushes, string? Error)? Own(JsonElement notice)
    {
        if (!notice.TryGetProperty("image", out _))
        {
            return null;
        }

        if (ImageReference.Parse(Text(notice, "image")) is not { } image)
        {
            return (null, "image: not an image; give for example \"registry.example/shop/web\"");
        }

        var pushed = image with { Tag = Text(notice, "tag") ?? image.Tag, Digest = Text(notice, "digest") ?? image.Digest };
        return pushed is { Tag: null, Digest: null } ? (null, "tag: missing; give the tag or the digest that was pushed")
            : pushed.Digest?.Contains(':') == false ? (null, $"digest: \"{pushed.Digest}\" is none; it looks like sha256:...")
            : ([new ImagePush(pushed, Text(notice, "by"), Text(notice, "reason"))], null);
    }

    // The registry of the Distribution project sends several events at once, Azure one. Layers, and the parts of an image for several platforms, have no tag.
    private static (IReadOnlyList<ImagePush>?, string?)? Distribution(JsonElement notice)
    {
        var events = notice.TryGetProperty("events", out var several) && several.ValueKind == JsonValueKind.Array ? [.. several.EnumerateArray()]
            : notice.TryGetProperty("target", out _) && notice.TryGetProperty("action", out _) ? (IReadOnlyList<JsonElement>)[notice]
            : null;
        return events is null ? null : (
        [
            .. events
                .Where(e => Text(e, "action") == "push" && Text(e, "target", "tag") is not null && Text(e, "target", "repository") is not null)
                .Select(e => new ImagePush(
                    new ImageReference(Joined(Text(e, "request", "host"), Text(e, "target", "repository")!), Text(e, "target", "tag"), Text(e, "target", "digest")),
                    Text(e, "actor", "name"))),
        ], null);
    }

    private static (IReadOnlyList<ImagePush>?, string?)? Harbor(JsonElement notice)
    {
        if (!notice.TryGetProperty("event_data", out var data) || Text(notice, "type") is not { } type)
        {
            return null;
        }

        var resources = type == "PUSH_ARTIFACT" && data.TryGetProperty("resources", out var listed) && listed.ValueKind == JsonValueKind.Array
            ? listed.EnumerateArray().ToList()
            : [];
        return (
        [
            .. from resource in resources
               let image = ImageReference.Parse(Text(resource, "resource_url"))
               where image is not null
               select new ImagePush(image with { Tag = Text(resource, "tag") ?? image.Tag, Digest = Text(resource, "digest") ?? image.Digest }, Text(notice, "operator")),
        ], null);
    }

    private static (IReadOnlyList<ImagePush>?, string?)? GitHub(JsonElement notice)
    {
        var package = Member(notice, "registry_package") ?? Member(notice, "package");
        if (package is not { } found || Member(found, "package_version") is not { } version)
        {
            return null;
        }

        var tag = Text(version, "container_metadata", "tag", "name");
        var image = ImageReference.Parse(Text(version, "package_url")?.TrimEnd(':'));
        return Text(notice, "action") is not ("published" or "updated") || image is null || string.IsNullOrEmpty(tag) ? ([], null) : (
        [
            new ImagePush(image with { Tag = tag, Digest = Text(version, "container_metadata", "tag", "digest") ?? image.Digest }, Text(notice, "sender", "login")),
        ], null);
    }

    private static (IReadOnlyList<ImagePush>?, string?)? DockerHub(JsonElement notice) =>
        Text(notice, "push_data", "tag") is { } tag && Text(notice, "repository", "repo_name") is { } repository
            ? ([new ImagePush(new ImageReference(repository, tag, null), Text(notice, "push_data", "pusher"))], null)
            : null;

    private static (IReadOnlyList<ImagePush>?, string?)? Google(JsonElement notice)
    {
        if (Text(notice, "action") is not { } action || (Text(notice, "tag") ?? Text(notice, "digest")) is not { } named)
        {
            return null;
        }

        return action != "INSERT" || ImageReference.Parse(named) is not { } image
            ? ([], null)
            : ([new ImagePush(image with { Digest = ImageReference.Parse(Text(notice, "digest"))?.Digest })], null);
    }

    private static string Joined(string? host, string repository) => string.IsNullOrEmpty(host) ? repository : $"{host}/{repository}";

    private static JsonElement? Member(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.Object ? member : null;

    private static string? Text(JsonElement parent, params ReadOnlySpan<string> path)
    {
        foreach (var name in path[..^1])
        {
            if (Member(parent, name) is not { } next)
            {
                return null;
            }

            parent = next;
        }

        return parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(path[^1], out var value) && value.ValueKind == JsonValueKind.String
            && value.GetString() is { Length: > 0 } text ? text : null;
    }
}
