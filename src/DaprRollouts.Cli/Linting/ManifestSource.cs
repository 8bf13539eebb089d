using DaprRollouts.Core.Model;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace DaprRollouts.Cli.Linting;

/// <summary>Reads the manifests of a file as far as they can be read, and finds what cannot.</summary>
internal static class ManifestSource
{
    // What authors write for "and so on" is YAML too, and means something else.
    private static readonly string[] Ellipses = ["...", "[...]", "…"];

    public static (IReadOnlyList<ManifestDocument> Documents, IReadOnlyList<LintFinding> Findings) Read(string file, string text)
    {
        List<LintFinding> findings = [];
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (Ellipses.Contains(lines[i].Trim()))
            {
                findings.Add(new LintFinding(
                    file, i + 1, "", $"\"{lines[i].Trim()}\" does not leave anything out: {(lines[i].Trim() == "..." ? "it ends the document" : "it is no field")}. Write the fields that it stands for"));
                lines[i] = "";
            }
        }

        try
        {
            List<ManifestDocument> documents = [];
            foreach (var root in YamlText.Documents(new StringReader(string.Join('\n', lines))).Select(d => d.RootNode))
            {
                if (root is YamlMappingNode mapping)
                {
                    documents.Add(new ManifestDocument(file, mapping));
                }
                else if (root is not YamlScalarNode { Value: null or "" })
                {
                    findings.Add(new LintFinding(file, (int)root.Start.Line, "", "this is no manifest: it has no fields"));
                }
            }

            return (documents, findings);
        }
        catch (YamlException e)
        {
            findings.Add(new LintFinding(file, (int)e.Start.Line, "", $"this is not YAML: {e.InnerException?.Message ?? e.Message}"));
            return ([], findings);
        }
    }
}
