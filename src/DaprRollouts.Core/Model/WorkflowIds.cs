namespace DaprRollouts.Core.Model;

/// <summary>Names of workflow instances: at most 64 characters of letters, digits, dash and underscore, as Dapr's HTTP API takes them.</summary>
public static class WorkflowIds
{
    private const int MaxLength = 64;

    /// <summary>The workflow of a rollout's revision.</summary>
    public static string Rollout(string name, string uid, long revision) => Join("", name, $"-{Uid8(uid)}-r{revision}");

    /// <summary>The workflow of an AnalysisRun.</summary>
    public static string AnalysisRun(string name, string uid) => Join("ar-", name, $"-{Uid8(uid)}");

    /// <summary>The workflow of an Experiment.</summary>
    public static string Experiment(string name, string uid) => Join("ex-", name, $"-{Uid8(uid)}");

    private static string Join(string prefix, string name, string suffix)
    {
        var room = MaxLength - prefix.Length - suffix.Length;
        var cut = name.Length > room ? name[..room] : name;
        return prefix + cut.Replace('.', '-') + suffix;
    }

    private static string Uid8(string uid) => string.Concat(uid.Where(char.IsAsciiHexDigit).Take(8));
}
