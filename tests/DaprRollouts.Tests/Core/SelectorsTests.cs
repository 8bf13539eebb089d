using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;

namespace DaprRollouts.Tests.Core;

public sealed class SelectorsTests
{
    [Fact]
    public void A_selector_is_written_by_the_names_of_its_labels_as_Kubernetes_does()
    {
        var selector = new LabelSelector
        {
            MatchLabels = new Dictionary<string, string> { ["tier"] = "web", ["app"] = "shop" },
            MatchExpressions =
            [
                new LabelSelectorRequirement { Key = "cell", Operator = "Exists" },
                new LabelSelectorRequirement { Key = "beta", Operator = "In", Values = ["y", "x"] },
                new LabelSelectorRequirement { Key = "old", Operator = "DoesNotExist" },
                new LabelSelectorRequirement { Key = "zone", Operator = "NotIn", Values = ["a"] },
            ],
        };

        Assert.Equal("app=shop,beta in (x,y),cell,!old,tier=web,zone notin (a)", Selectors.Format(selector));
        Assert.Equal("app=shop,beta in (x,y),cell,!old,rollouts-pod-template-hash=abc,tier=web,zone notin (a)", Selectors.Format(selector, "abc"));
    }
}
