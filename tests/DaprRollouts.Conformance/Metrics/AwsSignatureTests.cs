using DaprRollouts.Activities.Metrics;

namespace DaprRollouts.Conformance.Metrics;

/// <summary>Signatures as in the examples that AWS publishes.</summary>
public class AwsSignatureTests
{
    private static readonly AwsKeys Keys = new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    private static readonly DateTimeOffset Now = new(2015, 8, 30, 12, 36, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("GET", "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")]
    [InlineData("POST", "", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b")]
    [InlineData("GET", "?Param2=value2&Param1=value1", "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500")]
    public void A_request_is_signed_as_published(string method, string query, string signature)
    {
        var call = new MetricCall { Address = new Uri($"https://example.amazonaws.com/{query}"), Method = new HttpMethod(method) };

        var signed = AwsSignature.Sign(call, Keys, "us-east-1", "service", Now);

        Assert.Equal(
            $"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature={signature}",
            signed.Headers.Single(h => h.Name == "Authorization").Value);
    }

    [Fact]
    public void A_session_is_part_of_the_signature() => Assert.Contains(
        "host;x-amz-date;x-amz-security-token",
        AwsSignature.Sign(new MetricCall { Address = new Uri("https://x/") }, Keys with { SessionToken = "t" }, "r", "s", Now).Headers.Single(h => h.Name == "Authorization").Value,
        StringComparison.Ordinal);
}
