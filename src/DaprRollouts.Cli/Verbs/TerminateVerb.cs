using System.CommandLine;
using System.Text.Json.Nodes;
using DaprRollouts.Kubernetes.Resources;

namespace DaprRollouts.Cli.Verbs;

/// <summary>Ends a running analysis or experiment.</summary>
internal static class TerminateVerb
{
    public static Command Create(Shell shell) => new("terminate", "End a running analysis or experiment.")
    {
        Of(shell, Kinds.AnalysisRuns, "ar", "End an AnalysisRun; what it has measured counts."),
        Of(shell, Kinds.Experiments, "exp", "End an Experiment."),
    };

    private static Command Of<T>(Shell shell, ResourceKind<T> kind, string alias, string description)
        where T : ClusterObject
    {
        var word = kind.Kind.ToLowerInvariant();
        var name = new Argument<string>(word) { Description = $"Name of the {kind.Kind}." };
        var command = new Command(word, description) { name };
        command.Aliases.Add(alias);
        command.Aliases.Add(kind.Plural);
        command.SetAction(async (parsed, cancel) =>
        {
            var target = shell.Connect(parsed);
            var patch = new JsonObject { ["spec"] = new JsonObject { ["terminate"] = true } };
            await target.Writer.PatchAsync(kind, null, target.Namespace, parsed.GetRequiredValue(name), patch, cancel: cancel);
            await shell.Out.WriteLineAsync($"{word} '{parsed.GetRequiredValue(name)}' terminated");
        });
        return command;
    }
}
