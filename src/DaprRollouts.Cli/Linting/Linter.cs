using System.Text.Json.Nodes;
using DaprRollouts.Core.Validation;

namespace DaprRollouts.Cli.Linting;

/// <summary>Looks at all manifests of some files.</summary>
internal static class Linter
{
    /// <summary>What is wrong, file by file, in the order of lines.</summary>
    public static IReadOnlyList<LintFinding> Check(IReadOnlyList<(string File, string Text)> files, DateTimeOffset now)
    {
        List<ManifestDocument> documents = [];
        List<LintFinding> findings = [];
        foreach (var (file, text) in files)
        {
            var (read, unreadable) = ManifestSource.Read(file, text);
            documents.AddRange(read);
            findings.AddRange(unreadable);
        }

        List<JsonObject> manifests = [.. documents.Select(d => d.Json).Where(m => m["metadata"] is JsonObject && m["spec"] is null or JsonObject)];
        findings.AddRange(documents.SelectMany(d => Check(d, manifests, now)));
        return [.. findings.DistinctBy(f => (f.File, f.Line, f.Field, f.Message)).OrderBy(f => f.File, StringComparer.Ordinal).ThenBy(f => f.Line)];
    }

    private static IEnumerable<LintFinding> Check(ManifestDocument document, IReadOnlyList<JsonObject> manifests, DateTimeOffset now)
    {
        if (document.Kind.Length == 0)
        {
            return [document.Finding("kind", "this manifest has no kind")];
        }

        if (!SchemaLint.Kinds.Contains(document.Kind))
        {
            return DidYouMean.Of(document.Kind, SchemaLint.Kinds) is { } near
                ? [document.Finding("kind", $"there is no kind {document.Kind}: did you mean \"{near}\"?")]
                : []; // another kind is another program's affair
        }

        var schema = SchemaLint.Check(document).ToList();
        return schema
            .Concat(AnalysisLint.Kinds.Contains(document.Kind) ? new AnalysisLint(document, now).Check() : [])
            .Concat(document.Kind == "Rollout" && RolloutLint.Finding(document, manifests) is { } refused && !schema.Exists(f => f.Field == refused.Field) ? [refused] : []);
    }
}
