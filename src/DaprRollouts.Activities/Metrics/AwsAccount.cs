using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.Runtime.Credentials;

namespace DaprRollouts.Activities.Metrics;

/// <summary>Whose keys sign requests to AWS: the default chain of the SDK, or a profile, and on top a role.</summary>
public sealed class AwsAccount(Func<string, string?> environment)
{
    private const string SessionName = "dapr-rollouts";

    /// <summary>The keys.</summary>
    /// <param name="profile">A profile of the shared credentials file; empty for the default chain.</param>
    /// <param name="roleArn">A role to assume; empty for none.</param>
    /// <exception cref="MetricException">There are none.</exception>
    public async Task<AwsKeys> KeysAsync(string? profile, string? roleArn)
    {
        if (string.IsNullOrEmpty(profile) && string.IsNullOrEmpty(roleArn)
            && environment("AWS_ACCESS_KEY_ID") is { Length: > 0 } access && environment("AWS_SECRET_ACCESS_KEY") is { Length: > 0 } secret)
        {
            return new AwsKeys(access, secret, environment("AWS_SESSION_TOKEN")); // what the default chain looks at first
        }

        try
        {
            var credentials = string.IsNullOrEmpty(profile) ? await DefaultAWSCredentialsIdentityResolver.GetCredentialsAsync()
                : new CredentialProfileStoreChain().TryGetAWSCredentials(profile, out var found) ? found
                : throw new MetricException($"aws: profile \"{profile}\" not found");
            if (!string.IsNullOrEmpty(roleArn))
            {
                credentials = new AssumeRoleAWSCredentials(credentials, roleArn, SessionName);
            }

            var keys = await credentials.GetCredentialsAsync();
            return new AwsKeys(keys.AccessKey, keys.SecretKey, keys.Token);
        }
        catch (Exception e) when (e is AmazonClientException or AmazonServiceException)
        {
            throw new MetricException($"aws: no credentials: {e.Message}");
        }
    }

    /// <summary>The region: the one given, or the environment's.</summary>
    /// <exception cref="MetricException">There is none.</exception>
    public string Region(string? given = null) =>
        given is { Length: > 0 } ? given
        : environment("AWS_REGION") is { Length: > 0 } region ? region
        : environment("AWS_DEFAULT_REGION") is { Length: > 0 } otherwise ? otherwise
        : FallbackRegionFactory.GetRegionEndpoint()?.SystemName ?? throw new MetricException("aws: no region: set AWS_REGION");

    /// <summary>The address of a service, which the environment may replace.</summary>
    public Uri Endpoint(string variable, string service, string region) => MetricCall.AddressOf(
        "aws endpoint",
        environment(variable) is { Length: > 0 } own ? own
        : environment("AWS_ENDPOINT_URL") is { Length: > 0 } all ? all
        : $"https://{service}.{region}.amazonaws.com{(region.StartsWith("cn-", StringComparison.Ordinal) ? ".cn" : "")}/");
}
