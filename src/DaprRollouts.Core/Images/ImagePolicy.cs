using System.IO.Enumeration;

namespace DaprRollouts.Core.Images;

/// <summary>
/// Which pushed images a container follows: <c>container=repository</c>, and after it <c>tag:GLOB</c> or <c>semver:RANGE</c>, or nothing if every push counts.
/// </summary>
/// <param name="Container">The container.</param>
/// <param name="Repository">The repository, as it is to be written into the pod template.</param>
/// <param name="Tag">The pattern of tags, or null.</param>
/// <param name="Range">The range of versions, or null.</param>
public sealed record ImagePolicy(string Container, ImageReference Repository, string? Tag, VersionRange? Range)
{
    private const string TagWord = "tag:";
    private const string SemverWord = "semver:";

    /// <summary>Reads the policies of a Rollout, one a line; what cannot be read is told.</summary>
    public static (IReadOnlyList<ImagePolicy> Policies, IReadOnlyList<string> Errors) Parse(string annotation)
    {
        List<ImagePolicy> policies = [];
        List<string> errors = [];
        foreach (var line in annotation.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var (policy, error) = ParseLine(line);
            if (policy is not null)
            {
                policies.Add(policy);
            }
            else
            {
                errors.Add($"\"{line}\": {error}");
            }
        }

        return (policies, errors);
    }

    /// <summary>The image that the container is to have after a push; null if it is to keep the one it has.</summary>
    public ImageReference? Follow(ImageReference pushed, string present)
    {
        if (pushed.FullRepository != Repository.FullRepository || !Admits(pushed.Tag))
        {
            return null;
        }

        var now = ImageReference.Parse(present);
        var isSameRepository = now?.FullRepository == Repository.FullRepository;
        var wanted = Repository with { Tag = pushed.Tag, Digest = pushed.Digest };
        if (isSameRepository && now!.Tag == wanted.Tag && (wanted.Digest is null || now.Digest == wanted.Digest))
        {
            return null;
        }

        // Registries build old branches, too: a push never takes a version back.
        var isBack = Range is not null && isSameRepository && now!.Tag is { } tag && SemanticVersion.Parse(tag) is { } running && SemanticVersion.Parse(pushed.Tag!)! < running;
        return isBack ? null : wanted;
    }

    private bool Admits(string? tag) =>
        Range is not null ? tag is not null && SemanticVersion.Parse(tag) is { } version && Range.Contains(version)
        : Tag is null || (tag is not null && FileSystemName.MatchesSimpleExpression(Tag, tag, ignoreCase: false));

    private static (ImagePolicy? Policy, string? Error) ParseLine(string line)
    {
        var words = line.Split(' ', 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var rule = words.Length > 1 ? words[1] : "";
        if (words[0].Split('=', 2) is not [{ Length: > 0 } container, var repository])
        {
            return (null, "write container=repository");
        }

        if (ImageReference.Parse(repository) is not { Tag: null, Digest: null } image)
        {
            return (null, $"'{repository}' is not a repository: write it without tag and digest");
        }

        return rule switch
        {
            "" => (new ImagePolicy(container, image, null, null), null),
            _ when rule.StartsWith(TagWord, StringComparison.Ordinal) => (new ImagePolicy(container, image, rule[TagWord.Length..].Trim(), null), null),
            _ when rule.StartsWith(SemverWord, StringComparison.Ordinal) => VersionRange.Parse(rule[SemverWord.Length..]) is { } range
                ? (new ImagePolicy(container, image, null, range), null)
                : (null, $"'{rule[SemverWord.Length..]}' is not a range of versions: write for example semver:>=1.2 <2"),
            _ => (null, $"'{rule}' is neither tag:GLOB nor semver:RANGE"),
        };
    }
}
