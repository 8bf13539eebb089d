using System.CommandLine;

namespace DaprRollouts.Cli.Verbs;

/// <summary>Explains why something is where it is.</summary>
internal static class ExplainVerb
{
    public static Command Create(Shell shell) => new("explain", "Explain why something waits, who can move it, and how a verdict came about.")
    {
        ExplainAnalysisRun.Create(shell), ExplainRollout.Create(shell),
    };
}
