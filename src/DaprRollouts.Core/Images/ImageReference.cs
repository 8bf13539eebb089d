namespace DaprRollouts.Core.Images;

/// <summary>An image as it is written in a manifest: <c>repository[:tag][@digest]</c>.</summary>
/// <param name="Repository">Registry and path, as written.</param>
/// <param name="Tag">The tag, or null.</param>
/// <param name="Digest">The digest, such as <c>sha256:…</c>, or null.</param>
public sealed record ImageReference(string Repository, string? Tag, string? Digest)
{
    private const string DockerHub = "docker.io";

    /// <summary>The repository with the registry and the folder that are meant where none are written.</summary>
    public string FullRepository
    {
        get
        {
            var parts = Repository.Split('/');
            var hasRegistry = parts.Length > 1 && (parts[0].Contains('.') || parts[0].Contains(':') || parts[0] == "localhost");
            var registry = !hasRegistry ? DockerHub : parts[0] == "index.docker.io" ? DockerHub : parts[0];
            var path = hasRegistry ? parts[1..] : parts;
            return registry == DockerHub && path.Length == 1 ? $"{registry}/library/{path[0]}" : $"{registry}/{string.Join('/', path)}";
        }
    }

    /// <summary>Reads a reference; null if it is none.</summary>
    public static ImageReference? Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Any(char.IsWhiteSpace))
        {
            return null;
        }

        var at = text.IndexOf('@');
        var (name, digest) = at < 0 ? (text, null) : (text[..at], text[(at + 1)..]);
        var colon = name.LastIndexOf(':');
        var hasTag = colon > name.LastIndexOf('/');
        var (repository, tag) = hasTag ? (name[..colon], name[(colon + 1)..]) : (name, null);
        return repository.Length == 0 || tag?.Length == 0 || (digest is not null && !digest.Contains(':')) ? null : new ImageReference(repository, tag, digest);
    }

    public override string ToString() => $"{Repository}{(Tag is null ? "" : $":{Tag}")}{(Digest is null ? "" : $"@{Digest}")}";
}
