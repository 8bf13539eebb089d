using System.CommandLine;
using System.Text.Json.Nodes;
using DaprRollouts.Kubernetes.Resources;

namespace DaprRollouts.Cli.Verbs;

/// <summary>Ends a running analysis or experiment.</summary>
internal static class TerminateVerb
{
    public static Command Create(Shell shell) => new("terminate", "End a running analysis or experiment.")
    {
        Of(shell, Kinds.AnalysisRuns, "ar", "analysisRun", "End an AnalysisRun; what it has measured counts."),
        Of(shell, Kinds.Experiments, "exp", "experiment", "End an Experiment."),
    };

    private static Command Of<T>(Shell shell, ResourceKind<T> kind, string alias, string calls, string description)
        where T : ClusterObject
    {
        var word = kind.Kind.ToLowerInvariant();
        var names = new Argument<string[]>(word) { Description = $"Names of the {kind.Kind}s.", Arity = ArgumentArity.OneOrMore, CompletionSources = { NameCompletion.Of(shell, kind) } };
        var command = new Command(word, description) { names };
        command.Aliases.Add(alias);
        command.Aliases.Add(kind.Plural);
        command.SetAction(async (parsed, cancel) =>
        {
            var target = shell.Connect(parsed);
            var patch = new JsonObject { ["spec"] = new JsonObject { ["terminate"] = true } };
            foreach (var name in parsed.GetRequiredValue(names))
            {
                _ = await target.Writer.GetAsync(kind, null, target.Namespace, name, cancel)
                    ?? throw new CommandException($"{word} '{name}' not found in namespace '{target.Namespace}'");
                await target.Writer.PatchAsync(kind, null, target.Namespace, name, patch, cancel: cancel);
                await shell.Out.WriteLineAsync($"{calls} '{name}' terminated");
            }
        });
        return command;
    }
}
