namespace DaprRollouts.Core.Model;

/// <summary>Phases of a run, a metric, a measurement and an Experiment.</summary>
public static class AnalysisPhase
{
    public const string Pending = "Pending";
    public const string Running = "Running";
    public const string Successful = "Successful";
    public const string Failed = "Failed";
    public const string Error = "Error";
    public const string Inconclusive = "Inconclusive";

    private static readonly string[] BestToWorst = [Successful, Running, Pending, Inconclusive, Error, Failed];

    /// <summary>Whether nothing more will come.</summary>
    public static bool IsCompleted(string? phase) => phase is Successful or Failed or Error or Inconclusive;

    /// <summary>Whether one phase is worse than another; an unknown one counts as good.</summary>
    public static bool IsWorse(string? phase, string? than) => Rank(phase) > Rank(than);

    private static int Rank(string? phase) => Math.Max(0, Array.IndexOf(BestToWorst, phase));
}
