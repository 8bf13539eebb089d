using System.CommandLine;
using System.Text.Json;
using DaprRollouts.Cli.Output;
using DaprRollouts.Core.Analysis.Explaining;
using DaprRollouts.Core.Model;
using DaprRollouts.Kubernetes.Resources;

namespace DaprRollouts.Cli.Verbs;

/// <summary>Explains an AnalysisRun by what is stored of it: measurements, conditions as they were evaluated, counts against limits.</summary>
internal static class ExplainAnalysisRun
{
    public static Command Create(Shell shell)
    {
        var name = new Argument<string>("name") { Description = "Name of the AnalysisRun.", CompletionSources = { NameCompletion.Of(shell, Kinds.AnalysisRuns) } };
        var output = OutputFormat.Option(OutputFormat.Json, OutputFormat.Yaml);
        var command = new Command("analysisrun", "Say why an AnalysisRun ended as it did, or what it waits for.") { name, output };
        command.Aliases.Add("ar");
        command.Aliases.Add("analysisruns");
        command.SetAction(async (parsed, cancel) =>
        {
            var named = parsed.GetRequiredValue(name);
            var target = shell.Connect(parsed);
            var run = await target.Writer.GetAsync(Kinds.AnalysisRuns, null, target.Namespace, named, cancel)
                ?? throw new CommandException($"analysisrun '{named}' not found in namespace '{target.Namespace}'");
            var explanation = RunExplainer.Explain(run.Spec ?? new AnalysisRunSpec(), run.Metadata.Annotations, run.Status, shell.Time.GetUtcNow());
            await shell.Out.WriteAsync(parsed.GetValue(output) is { } format
                ? OutputFormat.Text(JsonSerializer.SerializeToNode(explanation, ModelJson.Options)!, format)
                : ExplanationText.Of(named, explanation));
        });
        return command;
    }
}
