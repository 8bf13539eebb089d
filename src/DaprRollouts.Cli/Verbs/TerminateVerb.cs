using System.CommandLine;
using System.Text.Json.Nodes;
using DaprRollouts.Kubernetes.Resources;

namespace DaprRollouts.Cli.Verbs;

/// <summary>Ends a running analysis.</summary>
internal static class TerminateVerb
{
    public static Command Create(Shell shell)
    {
        var name = new Argument<string>("analysisrun") { Description = "Name of the AnalysisRun." };
        var run = new Command("analysisrun", "End an AnalysisRun.") { name };
        run.Aliases.Add("ar");
        run.Aliases.Add("analysisruns");
        run.SetAction(async (parsed, cancel) =>
        {
            var target = shell.Connect(parsed);
            var patch = new JsonObject { ["spec"] = new JsonObject { ["terminate"] = true } };
            await target.Writer.PatchAsync(Kinds.AnalysisRuns, null, target.Namespace, parsed.GetRequiredValue(name), patch, cancel: cancel);
            await shell.Out.WriteLineAsync($"analysisrun '{parsed.GetRequiredValue(name)}' terminated");
        });
        return new Command("terminate", "End a running analysis.") { run };
    }
}
