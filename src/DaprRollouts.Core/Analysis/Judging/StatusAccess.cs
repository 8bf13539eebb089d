using DaprRollouts.Core.Model;

namespace DaprRollouts.Core.Analysis.Judging;

/// <summary>Reads and replaces the results of single metrics.</summary>
public static class StatusAccess
{
    public static MetricResult? Result(this AnalysisRunStatus status, string metric) => status.MetricResults?.FirstOrDefault(r => r.Name == metric);

    public static AnalysisRunStatus WithResult(this AnalysisRunStatus status, MetricResult result)
    {
        List<MetricResult> results = [.. status.MetricResults ?? []];
        var index = results.FindIndex(r => r.Name == result.Name);
        if (index < 0)
        {
            results.Add(result);
        }
        else
        {
            results[index] = result;
        }

        return status with { MetricResults = results };
    }
}
