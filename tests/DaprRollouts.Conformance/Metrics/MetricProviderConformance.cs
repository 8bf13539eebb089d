using DaprRollouts.Activities.Metrics;
using DaprRollouts.Core.Analysis.Judging;
using DaprRollouts.Core.Model;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace DaprRollouts.Conformance.Metrics;

/// <summary>
/// What every provider that answers at once must do: ask as its server wants to be asked, make a measurement of a good answer, and an error of
/// anything else, in time and of bounded size.
/// </summary>
public abstract class MetricProviderConformance : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private MetricHttp _http = null!;

    internal MetricPeer Peer { get; private set; } = null!;

    internal FakeTimeProvider Time { get; } = new(Start);

    /// <summary>A secret that the provider sends along, which nothing may show.</summary>
    protected const string Credential = "s3cret-credential";

    /// <summary>An answer as the real server gives it.</summary>
    protected abstract string GoodAnswer { get; }

    /// <summary>The value that is stored for it.</summary>
    protected abstract string Value { get; }

    /// <summary>A condition that holds for it.</summary>
    protected abstract string Condition { get; }

    /// <summary>Whether a text that is broken off can be a result.</summary>
    protected virtual bool TakesText => false;

    private protected abstract IMetricProvider Create(MetricHttp http, MetricAccounts accounts);

    private protected abstract MetricProvider Settings(string address);

    private protected abstract void CheckRequest(PeerRequest request);

    [Fact]
    public async Task A_good_answer_is_a_measurement()
    {
        Peer.AnswerJson(GoodAnswer);

        var measurement = await MeasureAsync();

        Assert.Equal((AnalysisPhase.Successful, Value, null), (measurement.Phase, measurement.Value, measurement.Message));
        Assert.Equal(Start, measurement.StartedAt);
        CheckRequest(Assert.Single(Peer.Requests));
    }

    [Fact]
    public async Task A_condition_that_does_not_hold_is_a_failure()
    {
        Peer.AnswerJson(GoodAnswer);

        var measurement = await MeasureAsync(m => m with { SuccessCondition = $"!({Condition})" });

        Assert.Equal((AnalysisPhase.Failed, Value), (measurement.Phase, measurement.Value));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task A_refusal_is_an_error(int status)
    {
        Peer.AnswerText("<html>no</html>", "text/html", status);

        var error = await ErrorAsync();

        Assert.DoesNotContain(Credential, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_answer_is_an_error()
    {
        Peer.AnswerJson(GoodAnswer[..(GoodAnswer.Length / 2)]);

        await ErrorAsync(TakesText ? "" : GoodAnswer[..20]);
    }

    [Fact]
    public async Task A_page_in_place_of_data_is_an_error()
    {
        Peer.AnswerText("<!DOCTYPE html><html><body>Sign in</body></html>", "text/html");

        await ErrorAsync();
    }

    [Fact]
    public async Task A_picture_in_place_of_data_is_an_error()
    {
        Peer.Answer = async context =>
        {
            context.Response.ContentType = "image/png";
            await context.Response.Body.WriteAsync(new byte[] { 0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0x00, 0xFF });
        };

        await ErrorAsync();
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("[[[[]]]]")]
    [InlineData("{\"data\":[null],\"series\":5,\"result\":{},\"timeseries\":{\"a\":1}}")]
    [InlineData("")]
    public async Task An_answer_of_another_shape_is_never_a_success(string answer)
    {
        Peer.AnswerJson(answer);

        Assert.NotEqual(AnalysisPhase.Successful, await PhaseAsync());
    }

    [Fact]
    public async Task An_endless_answer_is_cut_off()
    {
        Peer.Answer = async context =>
        {
            var chunk = new byte[64 * 1024];
            Array.Fill(chunk, (byte)' ');
            for (; !context.RequestAborted.IsCancellationRequested;)
            {
                await context.Response.Body.WriteAsync(chunk, context.RequestAborted);
            }
        };

        await ErrorAsync("more than");
    }

    [Fact]
    public async Task A_server_that_takes_its_time_is_not_waited_for()
    {
        Peer.Answer = async context =>
        {
            await context.Response.WriteAsync("{");
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        };

        var measuring = ErrorAsync("no answer within");
        await Peer.Asked;
        await WhileTimePassesAsync(measuring);
    }

    [Fact]
    public async Task Redirects_do_not_go_on_for_ever()
    {
        Peer.Answer = context =>
        {
            context.Response.Redirect(context.Request.Path + context.Request.QueryString, permanent: false, preserveMethod: true);
            return Task.CompletedTask;
        };

        await ErrorAsync("redirects");
    }

    [Fact]
    public async Task A_redirect_to_another_scheme_is_refused()
    {
        Peer.Answer = context =>
        {
            context.Response.Redirect("file:///etc/passwd");
            return Task.CompletedTask;
        };

        await ErrorAsync("refused a redirect");
    }

    [Fact]
    public async Task A_server_that_is_down_is_an_error()
    {
        await WhileTimePassesAsync(ErrorAsync("", Settings("http://127.0.0.1:9")));
    }

    [Fact]
    public async Task What_is_under_way_elsewhere_stays_as_it_is()
    {
        var running = new Measurement { Phase = AnalysisPhase.Running };

        Assert.Same(running, await Provider().MeasureAsync(Request(m => m) with { Action = MeasurementAction.Resume, Running = running }, TestContext.Current.CancellationToken));
        Assert.Same(running, await Provider().MeasureAsync(Request(m => m) with { Action = MeasurementAction.Terminate, Running = running }, TestContext.Current.CancellationToken));
    }

    public async ValueTask InitializeAsync()
    {
        Peer = await MetricPeer.StartAsync();
        _http = new MetricHttp(MetricHostPolicy.Default, Time);
        Prepare(Peer.Address.ToString().TrimEnd('/'));
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Peer.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Puts what the provider needs into the cluster.</summary>
    protected virtual void Prepare(string address)
    {
    }

    private async Task WhileTimePassesAsync(Task measuring)
    {
        while (!measuring.IsCompleted)
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await measuring;
    }

    private protected async Task<Measurement> MeasureAsync(Func<Metric, Metric>? change = null) =>
        await Provider().MeasureAsync(Request(change ?? (m => m)), TestContext.Current.CancellationToken);

    private protected async Task<string> ErrorAsync(string part = "", MetricProvider? settings = null)
    {
        try
        {
            var measurement = await MeasureAsync(m => settings is null ? m : m with { Provider = settings });
            Assert.Equal(AnalysisPhase.Error, measurement.Phase);
            Assert.Contains(part, measurement.Message!, StringComparison.Ordinal);
            return measurement.Message!;
        }
        catch (MetricException e)
        {
            Assert.Contains(part, e.Message, StringComparison.Ordinal);
            return e.Message;
        }
    }

    private async Task<string> PhaseAsync()
    {
        try
        {
            return (await MeasureAsync()).Phase;
        }
        catch (MetricException)
        {
            return AnalysisPhase.Error;
        }
    }

    private IMetricProvider Provider()
    {
        var client = new k8s.Kubernetes(new k8s.KubernetesClientConfiguration { Host = Peer.Address.ToString() });
        return Create(_http, new MetricAccounts(new SecretReader(client, SecretStores.None), "argo-rollouts", _ => null));
    }

    private protected MetricRequest Request(Func<Metric, Metric> change) => new()
    {
        Run = new MetricOwner("shop", "run", "uid-1"),
        Metric = change(new Metric { Name = "m", SuccessCondition = Condition, Provider = Settings(Peer.Address.ToString().TrimEnd('/')) }),
        Action = MeasurementAction.Run,
        Now = Time.GetUtcNow(),
    };
}
