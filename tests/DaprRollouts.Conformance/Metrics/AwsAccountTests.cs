using DaprRollouts.Activities.Metrics;

namespace DaprRollouts.Conformance.Metrics;

/// <summary>Keys that come from elsewhere than variables.</summary>
public sealed class AwsAccountTests
{
    private const string Source = "AWS_CONTAINER_CREDENTIALS_FULL_URI";

    [Fact]
    public async Task Keys_that_are_not_to_be_had_are_an_error()
    {
        Environment.SetEnvironmentVariable(Source, "http://127.0.0.1:9/keys"); // where nobody listens
        try
        {
            var error = await Assert.ThrowsAsync<MetricException>(() => new AwsAccount(_ => null).KeysAsync(profile: null, roleArn: null));

            Assert.StartsWith("aws: no credentials: ", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable(Source, null);
        }
    }
}
