using DaprRollouts.Core.Model;
using DaprRollouts.Workflows.Contracts;

namespace DaprRollouts.Conformance.Analysis;

/// <summary>AnalysisRuns while the API server has its hands full.</summary>
public sealed class CrowdedServerTests
{
    [Fact]
    public async Task Measuring_goes_on_and_the_beginning_of_a_run_is_written_later_and_not_lost()
    {
        await using var stage = await AnalysisStage.StartAsync();
        var key = await stage.CreateAsync("{metrics: [{name: m, interval: 1s, count: 30, provider: {web: {url: http://web}}}]}");
        var provider = new ScriptedMetrics(stage.Cluster.Clock, "Successful");
        using var held = new HeldServices();
        await using var replica = new Replica(stage, held);
        var others = Enumerable.Range(0, 64).Select(_ => AskAsync(replica)).ToList();
        var start = stage.Now;

        // To read the run, it waits until the server is done with one of the others, and another is behind it.
        var reading = replica.LookAsync(key, new AnalysisMemory(), provider);
        others.Add(AskAsync(replica));
        held.LetOnePass();
        var first = await reading;
        Assert.Equal((null, 1), ((await stage.ReadAsync())["status"], first.Memory.Unwritten.Count));

        held.LetAllPass();
        await Task.WhenAll(others);
        await stage.Cluster.AdvanceAsync(1);
        await replica.LookAsync(key, first.Memory, provider);

        var status = await stage.StatusAsync();
        Assert.Equal((AnalysisPhase.Running, 2, start), (status.Phase, status.MetricResults![0].Successful, status.StartedAt));
        Assert.Equal(2, provider.Asked);
    }

    private static Task AskAsync(Replica replica) => replica.Writer.GetServiceAsync(new(), "default", "web", TestContext.Current.CancellationToken);

    /// <summary>Holds requests for Services back.</summary>
    private sealed class HeldServices : DelegatingHandler
    {
        private readonly SemaphoreSlim _gate = new(0);

        public void LetOnePass() => _gate.Release();

        public void LetAllPass() => _gate.Release(1000);

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.RequestUri!.AbsolutePath.Contains("/services/", StringComparison.Ordinal))
            {
                await _gate.WaitAsync(cancellationToken);
            }

            return await base.SendAsync(request, cancellationToken);
        }

        protected override void Dispose(bool disposing)
        {
            _gate.Dispose();
            base.Dispose(disposing);
        }
    }
}
