# Tries: to exhaust the compiler by very many handlers
# Ends in: ok, syntax_error
def priority(x):
    try:
        pass
    except E0:
        pass
    except E1:
        pass
    except E2:
        pass
    except E3:
        pass
    except E4:
        pass
    except E5:
        pass
    except E6:
        pass
    except E7:
        pass
    except E8:
        pass
    except E9:
        pass
    except E10:
        pass
    except E11:
        pass
    except E12:
        pass
    except E13:
        pass
    except E14:
        pass
    except E15:
        pass
    except E16:
        pass
    except E17:
        pass
    except E18:
        pass
    except E19:
        pass
    except E20:
        pass
    except E21:
        pass
    except E22:
        pass
    except E23:
        pass
    except E24:
        pass
    except E25:
        pass
    except E26:
        pass
    except E27:
        pass
    except E28:
        pass
    except E29:
        pass
    except E30:
        pass
    except E31:
        pass
    except E32:
        pass
    except E33:
        pass
    except E34:
        pass
    except E35:
        pass
    except E36:
        pass
    except E37:
        pass
    except E38:
        pass
    except E39:
        pass
    except E40:
        pass
    except E41:
        pass
    except E42:
        pass
    except E43:
        pass
    except E44:
        pass
    except E45:
        pass
    except E46:
        pass
    except E47:
        pass
    except E48:
        pass
    except E49:
        pass
    except E50:
        pass
    except E51:
        pass
    except E52:
        pass
    except E53:
        pass
    except E54:
        pass
    except E55:
        pass
    except E56:
        pass
    except E57:
        pass
    except E58:
        pass
    except E59:
        pass
    except E60:
        pass
    except E61:
        pass
    except E62:
        pass
    except E63:
        pass
    except E64:
        pass
    except E65:
        pass
    except E66:
        pass
    except E67:
        pass
    except E68:
        pass
    except E69:
        pass
    except E70:
        pass
    except E71:
        pass
    except E72:
        pass
    except E73:
        pass
    except E74:
        pass
    except E75:
        pass
    except E76:
        pass
    except E77:
        pass
    except E78:
        pass
    except E79:
        pass
    except E80:
        pass
    except E81:
        pass
    except E82:
        pass
    except E83:
        pass
    except E84:
        pass
    except E85:
        pass
    except E86:
        pass
    except E87:
        pass
    except E88:
        pass
    except E89:
        pass
    except E90:
        pass
    except E91:
        pass
    except E92:
        pass
    except E93:
        pass
    except E94:
        pass
    except E95:
        pass
    except E96:
        pass
    except E97:
        pass
    except E98:
        pass
    except E99:
        pass
    except E100:
        pass
    except E101:
        pass
    except E102:
        pass
    except E103:
        pass
    except E104:
        pass
    except E105:
        pass
    except E106:
        pass
    except E107:
        pass
    except E108:
        pass
    except E109:
        pass
    except E110:
        pass
    except E111:
        pass
    except E112:
        pass
    except E113:
        pass
    except E114:
        pass
    except E115:
        pass
    except E116:
        pass
    except E117:
        pass
    except E118:
        pass
    except E119:
        pass
    except E120:
        pass
    except E121:
        pass
    except E122:
        pass
    except E123:
        pass
    except E124:
        pass
    except E125:
        pass
    except E126:
        pass
    except E127:
        pass
    except E128:
        pass
    except E129:
        pass
    except E130:
        pass
    except E131:
        pass
    except E132:
        pass
    except E133:
        pass
    except E134:
        pass
    except E135:
        pass
    except E136:
        pass
    except E137:
        pass
    except E138:
        pass
    except E139:
        pass
    except E140:
        pass
    except E141:
        pass
    except E142:
        pass
    except E143:
        pass
    except E144:
        pass
    except E145:
        pass
    except E146:
        pass
    except E147:
        pass
    except E148:
        pass
    except E149:
        pass
    except E150:
        pass
    except E151:
        pass
    except E152:
        pass
    except E153:
        pass
    except E154:
        pass
    except E155:
        pass
    except E156:
        pass
    except E157:
        pass
    except E158:
        pass
    except E159:
        pass
    except E160:
        pass
    except E161:
        pass
    except E162:
        pass
    except E163:
        pass
    except E164:
        pass
    except E165:
        pass
    except E166:
        pass
    except E167:
        pass
    except E168:
        pass
    except E169:
        pass
    except E170:
        pass
    except E171:
        pass
    except E172:
        pass
    except E173:
        pass
    except E174:
        pass
    except E175:
        pass
    except E176:
        pass
    except E177:
        pass
    except E178:
        pass
    except E179:
        pass
    except E180:
        pass
    except E181:
        pass
    except E182:
        pass
    except E183:
        pass
    except E184:
        pass
    except E185:
        pass
    except E186:
        pass
    except E187:
        pass
    except E188:
        pass
    except E189:
        pass
    except E190:
        pass
    except E191:
        pass
    except E192:
        pass
    except E193:
        pass
    except E194:
        pass
    except E195:
        pass
    except E196:
        pass
    except E197:
        pass
    except E198:
        pass
    except E199:
        pass
    except E200:
        pass
    except E201:
        pass
    except E202:
        pass
    except E203:
        pass
    except E204:
        pass
    except E205:
        pass
    except E206:
        pass
    except E207:
        pass
    except E208:
        pass
    except E209:
        pass
    except E210:
        pass
    except E211:
        pass
    except E212:
        pass
    except E213:
        pass
    except E214:
        pass
    except E215:
        pass
    except E216:
        pass
    except E217:
        pass
    except E218:
        pass
    except E219:
        pass
    except E220:
        pass
    except E221:
        pass
    except E222:
        pass
    except E223:
        pass
    except E224:
        pass
    except E225:
        pass
    except E226:
        pass
    except E227:
        pass
    except E228:
        pass
    except E229:
        pass
    except E230:
        pass
    except E231:
        pass
    except E232:
        pass
    except E233:
        pass
    except E234:
        pass
    except E235:
        pass
    except E236:
        pass
    except E237:
        pass
    except E238:
        pass
    except E239:
        pass
    except E240:
        pass
    except E241:
        pass
    except E242:
        pass
    except E243:
        pass
    except E244:
        pass
    except E245:
        pass
    except E246:
        pass
    except E247:
        pass
    except E248:
        pass
    except E249:
        pass
    except E250:
        pass
    except E251:
        pass
    except E252:
        pass
    except E253:
        pass
    except E254:
        pass
    except E255:
        pass
    except E256:
        pass
    except E257:
        pass
    except E258:
        pass
    except E259:
        pass
    except E260:
        pass
    except E261:
        pass
    except E262:
        pass
    except E263:
        pass
    except E264:
        pass
    except E265:
        pass
    except E266:
        pass
    except E267:
        pass
    except E268:
        pass
    except E269:
        pass
    except E270:
        pass
    except E271:
        pass
    except E272:
        pass
    except E273:
        pass
    except E274:
        pass
    except E275:
        pass
    except E276:
        pass
    except E277:
        pass
    except E278:
        pass
    except E279:
        pass
    except E280:
        pass
    except E281:
        pass
    except E282:
        pass
    except E283:
        pass
    except E284:
        pass
    except E285:
        pass
    except E286:
        pass
    except E287:
        pass
    except E288:
        pass
    except E289:
        pass
    except E290:
        pass
    except E291:
        pass
    except E292:
        pass
    except E293:
        pass
    except E294:
        pass
    except E295:
        pass
    except E296:
        pass
    except E297:
        pass
    except E298:
        pass
    except E299:
        pass
    except E300:
        pass
    except E301:
        pass
    except E302:
        pass
    except E303:
        pass
    except E304:
        pass
    except E305:
        pass
    except E306:
        pass
    except E307:
        pass
    except E308:
        pass
    except E309:
        pass
    except E310:
        pass
    except E311:
        pass
    except E312:
        pass
    except E313:
        pass
    except E314:
        pass
    except E315:
        pass
    except E316:
        pass
    except E317:
        pass
    except E318:
        pass
    except E319:
        pass
    except E320:
        pass
    except E321:
        pass
    except E322:
        pass
    except E323:
        pass
    except E324:
        pass
    except E325:
        pass
    except E326:
        pass
    except E327:
        pass
    except E328:
        pass
    except E329:
        pass
    except E330:
        pass
    except E331:
        pass
    except E332:
        pass
    except E333:
        pass
    except E334:
        pass
    except E335:
        pass
    except E336:
        pass
    except E337:
        pass
    except E338:
        pass
    except E339:
        pass
    except E340:
        pass
    except E341:
        pass
    except E342:
        pass
    except E343:
        pass
    except E344:
        pass
    except E345:
        pass
    except E346:
        pass
    except E347:
        pass
    except E348:
        pass
    except E349:
        pass
    except E350:
        pass
    except E351:
        pass
    except E352:
        pass
    except E353:
        pass
    except E354:
        pass
    except E355:
        pass
    except E356:
        pass
    except E357:
        pass
    except E358:
        pass
    except E359:
        pass
    except E360:
        pass
    except E361:
        pass
    except E362:
        pass
    except E363:
        pass
    except E364:
        pass
    except E365:
        pass
    except E366:
        pass
    except E367:
        pass
    except E368:
        pass
    except E369:
        pass
    except E370:
        pass
    except E371:
        pass
    except E372:
        pass
    except E373:
        pass
    except E374:
        pass
    except E375:
        pass
    except E376:
        pass
    except E377:
        pass
    except E378:
        pass
    except E379:
        pass
    except E380:
        pass
    except E381:
        pass
    except E382:
        pass
    except E383:
        pass
    except E384:
        pass
    except E385:
        pass
    except E386:
        pass
    except E387:
        pass
    except E388:
        pass
    except E389:
        pass
    except E390:
        pass
    except E391:
        pass
    except E392:
        pass
    except E393:
        pass
    except E394:
        pass
    except E395:
        pass
    except E396:
        pass
    except E397:
        pass
    except E398:
        pass
    except E399:
        pass
    except E400:
        pass
    except E401:
        pass
    except E402:
        pass
    except E403:
        pass
    except E404:
        pass
    except E405:
        pass
    except E406:
        pass
    except E407:
        pass
    except E408:
        pass
    except E409:
        pass
    except E410:
        pass
    except E411:
        pass
    except E412:
        pass
    except E413:
        pass
    except E414:
        pass
    except E415:
        pass
    except E416:
        pass
    except E417:
        pass
    except E418:
        pass
    except E419:
        pass
    except E420:
        pass
    except E421:
        pass
    except E422:
        pass
    except E423:
        pass
    except E424:
        pass
    except E425:
        pass
    except E426:
        pass
    except E427:
        pass
    except E428:
        pass
    except E429:
        pass
    except E430:
        pass
    except E431:
        pass
    except E432:
        pass
    except E433:
        pass
    except E434:
        pass
    except E435:
        pass
    except E436:
        pass
    except E437:
        pass
    except E438:
        pass
    except E439:
        pass
    except E440:
        pass
    except E441:
        pass
    except E442:
        pass
    except E443:
        pass
    except E444:
        pass
    except E445:
        pass
    except E446:
        pass
    except E447:
        pass
    except E448:
        pass
    except E449:
        pass
    except E450:
        pass
    except E451:
        pass
    except E452:
        pass
    except E453:
        pass
    except E454:
        pass
    except E455:
        pass
    except E456:
        pass
    except E457:
        pass
    except E458:
        pass
    except E459:
        pass
    except E460:
        pass
    except E461:
        pass
    except E462:
        pass
    except E463:
        pass
    except E464:
        pass
    except E465:
        pass
    except E466:
        pass
    except E467:
        pass
    except E468:
        pass
    except E469:
        pass
    except E470:
        pass
    except E471:
        pass
    except E472:
        pass
    except E473:
        pass
    except E474:
        pass
    except E475:
        pass
    except E476:
        pass
    except E477:
        pass
    except E478:
        pass
    except E479:
        pass
    except E480:
        pass
    except E481:
        pass
    except E482:
        pass
    except E483:
        pass
    except E484:
        pass
    except E485:
        pass
    except E486:
        pass
    except E487:
        pass
    except E488:
        pass
    except E489:
        pass
    except E490:
        pass
    except E491:
        pass
    except E492:
        pass
    except E493:
        pass
    except E494:
        pass
    except E495:
        pass
    except E496:
        pass
    except E497:
        pass
    except E498:
        pass
    except E499:
        pass
    except E500:
        pass
    except E501:
        pass
    except E502:
        pass
    except E503:
        pass
    except E504:
        pass
    except E505:
        pass
    except E506:
        pass
    except E507:
        pass
    except E508:
        pass
    except E509:
        pass
    except E510:
        pass
    except E511:
        pass
    except E512:
        pass
    except E513:
        pass
    except E514:
        pass
    except E515:
        pass
    except E516:
        pass
    except E517:
        pass
    except E518:
        pass
    except E519:
        pass
    except E520:
        pass
    except E521:
        pass
    except E522:
        pass
    except E523:
        pass
    except E524:
        pass
    except E525:
        pass
    except E526:
        pass
    except E527:
        pass
    except E528:
        pass
    except E529:
        pass
    except E530:
        pass
    except E531:
        pass
    except E532:
        pass
    except E533:
        pass
    except E534:
        pass
    except E535:
        pass
    except E536:
        pass
    except E537:
        pass
    except E538:
        pass
    except E539:
        pass
    except E540:
        pass
    except E541:
        pass
    except E542:
        pass
    except E543:
        pass
    except E544:
        pass
    except E545:
        pass
    except E546:
        pass
    except E547:
        pass
    except E548:
        pass
    except E549:
        pass
    except E550:
        pass
    except E551:
        pass
    except E552:
        pass
    except E553:
        pass
    except E554:
        pass
    except E555:
        pass
    except E556:
        pass
    except E557:
        pass
    except E558:
        pass
    except E559:
        pass
    except E560:
        pass
    except E561:
        pass
    except E562:
        pass
    except E563:
        pass
    except E564:
        pass
    except E565:
        pass
    except E566:
        pass
    except E567:
        pass
    except E568:
        pass
    except E569:
        pass
    except E570:
        pass
    except E571:
        pass
    except E572:
        pass
    except E573:
        pass
    except E574:
        pass
    except E575:
        pass
    except E576:
        pass
    except E577:
        pass
    except E578:
        pass
    except E579:
        pass
    except E580:
        pass
    except E581:
        pass
    except E582:
        pass
    except E583:
        pass
    except E584:
        pass
    except E585:
        pass
    except E586:
        pass
    except E587:
        pass
    except E588:
        pass
    except E589:
        pass
    except E590:
        pass
    except E591:
        pass
    except E592:
        pass
    except E593:
        pass
    except E594:
        pass
    except E595:
        pass
    except E596:
        pass
    except E597:
        pass
    except E598:
        pass
    except E599:
        pass
    except E600:
        pass
    except E601:
        pass
    except E602:
        pass
    except E603:
        pass
    except E604:
        pass
    except E605:
        pass
    except E606:
        pass
    except E607:
        pass
    except E608:
        pass
    except E609:
        pass
    except E610:
        pass
    except E611:
        pass
    except E612:
        pass
    except E613:
        pass
    except E614:
        pass
    except E615:
        pass
    except E616:
        pass
    except E617:
        pass
    except E618:
        pass
    except E619:
        pass
    except E620:
        pass
    except E621:
        pass
    except E622:
        pass
    except E623:
        pass
    except E624:
        pass
    except E625:
        pass
    except E626:
        pass
    except E627:
        pass
    except E628:
        pass
    except E629:
        pass
    except E630:
        pass
    except E631:
        pass
    except E632:
        pass
    except E633:
        pass
    except E634:
        pass
    except E635:
        pass
    except E636:
        pass
    except E637:
        pass
    except E638:
        pass
    except E639:
        pass
    except E640:
        pass
    except E641:
        pass
    except E642:
        pass
    except E643:
        pass
    except E644:
        pass
    except E645:
        pass
    except E646:
        pass
    except E647:
        pass
    except E648:
        pass
    except E649:
        pass
    except E650:
        pass
    except E651:
        pass
    except E652:
        pass
    except E653:
        pass
    except E654:
        pass
    except E655:
        pass
    except E656:
        pass
    except E657:
        pass
    except E658:
        pass
    except E659:
        pass
    except E660:
        pass
    except E661:
        pass
    except E662:
        pass
    except E663:
        pass
    except E664:
        pass
    except E665:
        pass
    except E666:
        pass
    except E667:
        pass
    except E668:
        pass
    except E669:
        pass
    except E670:
        pass
    except E671:
        pass
    except E672:
        pass
    except E673:
        pass
    except E674:
        pass
    except E675:
        pass
    except E676:
        pass
    except E677:
        pass
    except E678:
        pass
    except E679:
        pass
    except E680:
        pass
    except E681:
        pass
    except E682:
        pass
    except E683:
        pass
    except E684:
        pass
    except E685:
        pass
    except E686:
        pass
    except E687:
        pass
    except E688:
        pass
    except E689:
        pass
    except E690:
        pass
    except E691:
        pass
    except E692:
        pass
    except E693:
        pass
    except E694:
        pass
    except E695:
        pass
    except E696:
        pass
    except E697:
        pass
    except E698:
        pass
    except E699:
        pass
    except E700:
        pass
    except E701:
        pass
    except E702:
        pass
    except E703:
        pass
    except E704:
        pass
    except E705:
        pass
    except E706:
        pass
    except E707:
        pass
    except E708:
        pass
    except E709:
        pass
    except E710:
        pass
    except E711:
        pass
    except E712:
        pass
    except E713:
        pass
    except E714:
        pass
    except E715:
        pass
    except E716:
        pass
    except E717:
        pass
    except E718:
        pass
    except E719:
        pass
    except E720:
        pass
    except E721:
        pass
    except E722:
        pass
    except E723:
        pass
    except E724:
        pass
    except E725:
        pass
    except E726:
        pass
    except E727:
        pass
    except E728:
        pass
    except E729:
        pass
    except E730:
        pass
    except E731:
        pass
    except E732:
        pass
    except E733:
        pass
    except E734:
        pass
    except E735:
        pass
    except E736:
        pass
    except E737:
        pass
    except E738:
        pass
    except E739:
        pass
    except E740:
        pass
    except E741:
        pass
    except E742:
        pass
    except E743:
        pass
    except E744:
        pass
    except E745:
        pass
    except E746:
        pass
    except E747:
        pass
    except E748:
        pass
    except E749:
        pass
    except E750:
        pass
    except E751:
        pass
    except E752:
        pass
    except E753:
        pass
    except E754:
        pass
    except E755:
        pass
    except E756:
        pass
    except E757:
        pass
    except E758:
        pass
    except E759:
        pass
    except E760:
        pass
    except E761:
        pass
    except E762:
        pass
    except E763:
        pass
    except E764:
        pass
    except E765:
        pass
    except E766:
        pass
    except E767:
        pass
    except E768:
        pass
    except E769:
        pass
    except E770:
        pass
    except E771:
        pass
    except E772:
        pass
    except E773:
        pass
    except E774:
        pass
    except E775:
        pass
    except E776:
        pass
    except E777:
        pass
    except E778:
        pass
    except E779:
        pass
    except E780:
        pass
    except E781:
        pass
    except E782:
        pass
    except E783:
        pass
    except E784:
        pass
    except E785:
        pass
    except E786:
        pass
    except E787:
        pass
    except E788:
        pass
    except E789:
        pass
    except E790:
        pass
    except E791:
        pass
    except E792:
        pass
    except E793:
        pass
    except E794:
        pass
    except E795:
        pass
    except E796:
        pass
    except E797:
        pass
    except E798:
        pass
    except E799:
        pass
    except E800:
        pass
    except E801:
        pass
    except E802:
        pass
    except E803:
        pass
    except E804:
        pass
    except E805:
        pass
    except E806:
        pass
    except E807:
        pass
    except E808:
        pass
    except E809:
        pass
    except E810:
        pass
    except E811:
        pass
    except E812:
        pass
    except E813:
        pass
    except E814:
        pass
    except E815:
        pass
    except E816:
        pass
    except E817:
        pass
    except E818:
        pass
    except E819:
        pass
    except E820:
        pass
    except E821:
        pass
    except E822:
        pass
    except E823:
        pass
    except E824:
        pass
    except E825:
        pass
    except E826:
        pass
    except E827:
        pass
    except E828:
        pass
    except E829:
        pass
    except E830:
        pass
    except E831:
        pass
    except E832:
        pass
    except E833:
        pass
    except E834:
        pass
    except E835:
        pass
    except E836:
        pass
    except E837:
        pass
    except E838:
        pass
    except E839:
        pass
    except E840:
        pass
    except E841:
        pass
    except E842:
        pass
    except E843:
        pass
    except E844:
        pass
    except E845:
        pass
    except E846:
        pass
    except E847:
        pass
    except E848:
        pass
    except E849:
        pass
    except E850:
        pass
    except E851:
        pass
    except E852:
        pass
    except E853:
        pass
    except E854:
        pass
    except E855:
        pass
    except E856:
        pass
    except E857:
        pass
    except E858:
        pass
    except E859:
        pass
    except E860:
        pass
    except E861:
        pass
    except E862:
        pass
    except E863:
        pass
    except E864:
        pass
    except E865:
        pass
    except E866:
        pass
    except E867:
        pass
    except E868:
        pass
    except E869:
        pass
    except E870:
        pass
    except E871:
        pass
    except E872:
        pass
    except E873:
        pass
    except E874:
        pass
    except E875:
        pass
    except E876:
        pass
    except E877:
        pass
    except E878:
        pass
    except E879:
        pass
    except E880:
        pass
    except E881:
        pass
    except E882:
        pass
    except E883:
        pass
    except E884:
        pass
    except E885:
        pass
    except E886:
        pass
    except E887:
        pass
    except E888:
        pass
    except E889:
        pass
    except E890:
        pass
    except E891:
        pass
    except E892:
        pass
    except E893:
        pass
    except E894:
        pass
    except E895:
        pass
    except E896:
        pass
    except E897:
        pass
    except E898:
        pass
    except E899:
        pass
    except E900:
        pass
    except E901:
        pass
    except E902:
        pass
    except E903:
        pass
    except E904:
        pass
    except E905:
        pass
    except E906:
        pass
    except E907:
        pass
    except E908:
        pass
    except E909:
        pass
    except E910:
        pass
    except E911:
        pass
    except E912:
        pass
    except E913:
        pass
    except E914:
        pass
    except E915:
        pass
    except E916:
        pass
    except E917:
        pass
    except E918:
        pass
    except E919:
        pass
    except E920:
        pass
    except E921:
        pass
    except E922:
        pass
    except E923:
        pass
    except E924:
        pass
    except E925:
        pass
    except E926:
        pass
    except E927:
        pass
    except E928:
        pass
    except E929:
        pass
    except E930:
        pass
    except E931:
        pass
    except E932:
        pass
    except E933:
        pass
    except E934:
        pass
    except E935:
        pass
    except E936:
        pass
    except E937:
        pass
    except E938:
        pass
    except E939:
        pass
    except E940:
        pass
    except E941:
        pass
    except E942:
        pass
    except E943:
        pass
    except E944:
        pass
    except E945:
        pass
    except E946:
        pass
    except E947:
        pass
    except E948:
        pass
    except E949:
        pass
    except E950:
        pass
    except E951:
        pass
    except E952:
        pass
    except E953:
        pass
    except E954:
        pass
    except E955:
        pass
    except E956:
        pass
    except E957:
        pass
    except E958:
        pass
    except E959:
        pass
    except E960:
        pass
    except E961:
        pass
    except E962:
        pass
    except E963:
        pass
    except E964:
        pass
    except E965:
        pass
    except E966:
        pass
    except E967:
        pass
    except E968:
        pass
    except E969:
        pass
    except E970:
        pass
    except E971:
        pass
    except E972:
        pass
    except E973:
        pass
    except E974:
        pass
    except E975:
        pass
    except E976:
        pass
    except E977:
        pass
    except E978:
        pass
    except E979:
        pass
    except E980:
        pass
    except E981:
        pass
    except E982:
        pass
    except E983:
        pass
    except E984:
        pass
    except E985:
        pass
    except E986:
        pass
    except E987:
        pass
    except E988:
        pass
    except E989:
        pass
    except E990:
        pass
    except E991:
        pass
    except E992:
        pass
    except E993:
        pass
    except E994:
        pass
    except E995:
        pass
    except E996:
        pass
    except E997:
        pass
    except E998:
        pass
    except E999:
        pass
    except E1000:
        pass
    except E1001:
        pass
    except E1002:
        pass
    except E1003:
        pass
    except E1004:
        pass
    except E1005:
        pass
    except E1006:
        pass
    except E1007:
        pass
    except E1008:
        pass
    except E1009:
        pass
    except E1010:
        pass
    except E1011:
        pass
    except E1012:
        pass
    except E1013:
        pass
    except E1014:
        pass
    except E1015:
        pass
    except E1016:
        pass
    except E1017:
        pass
    except E1018:
        pass
    except E1019:
        pass
    except E1020:
        pass
    except E1021:
        pass
    except E1022:
        pass
    except E1023:
        pass
    except E1024:
        pass
    except E1025:
        pass
    except E1026:
        pass
    except E1027:
        pass
    except E1028:
        pass
    except E1029:
        pass
    except E1030:
        pass
    except E1031:
        pass
    except E1032:
        pass
    except E1033:
        pass
    except E1034:
        pass
    except E1035:
        pass
    except E1036:
        pass
    except E1037:
        pass
    except E1038:
        pass
    except E1039:
        pass
    except E1040:
        pass
    except E1041:
        pass
    except E1042:
        pass
    except E1043:
        pass
    except E1044:
        pass
    except E1045:
        pass
    except E1046:
        pass
    except E1047:
        pass
    except E1048:
        pass
    except E1049:
        pass
    except E1050:
        pass
    except E1051:
        pass
    except E1052:
        pass
    except E1053:
        pass
    except E1054:
        pass
    except E1055:
        pass
    except E1056:
        pass
    except E1057:
        pass
    except E1058:
        pass
    except E1059:
        pass
    except E1060:
        pass
    except E1061:
        pass
    except E1062:
        pass
    except E1063:
        pass
    except E1064:
        pass
    except E1065:
        pass
    except E1066:
        pass
    except E1067:
        pass
    except E1068:
        pass
    except E1069:
        pass
    except E1070:
        pass
    except E1071:
        pass
    except E1072:
        pass
    except E1073:
        pass
    except E1074:
        pass
    except E1075:
        pass
    except E1076:
        pass
    except E1077:
        pass
    except E1078:
        pass
    except E1079:
        pass
    except E1080:
        pass
    except E1081:
        pass
    except E1082:
        pass
    except E1083:
        pass
    except E1084:
        pass
    except E1085:
        pass
    except E1086:
        pass
    except E1087:
        pass
    except E1088:
        pass
    except E1089:
        pass
    except E1090:
        pass
    except E1091:
        pass
    except E1092:
        pass
    except E1093:
        pass
    except E1094:
        pass
    except E1095:
        pass
    except E1096:
        pass
    except E1097:
        pass
    except E1098:
        pass
    except E1099:
        pass
    except E1100:
        pass
    except E1101:
        pass
    except E1102:
        pass
    except E1103:
        pass
    except E1104:
        pass
    except E1105:
        pass
    except E1106:
        pass
    except E1107:
        pass
    except E1108:
        pass
    except E1109:
        pass
    except E1110:
        pass
    except E1111:
        pass
    except E1112:
        pass
    except E1113:
        pass
    except E1114:
        pass
    except E1115:
        pass
    except E1116:
        pass
    except E1117:
        pass
    except E1118:
        pass
    except E1119:
        pass
    except E1120:
        pass
    except E1121:
        pass
    except E1122:
        pass
    except E1123:
        pass
    except E1124:
        pass
    except E1125:
        pass
    except E1126:
        pass
    except E1127:
        pass
    except E1128:
        pass
    except E1129:
        pass
    except E1130:
        pass
    except E1131:
        pass
    except E1132:
        pass
    except E1133:
        pass
    except E1134:
        pass
    except E1135:
        pass
    except E1136:
        pass
    except E1137:
        pass
    except E1138:
        pass
    except E1139:
        pass
    except E1140:
        pass
    except E1141:
        pass
    except E1142:
        pass
    except E1143:
        pass
    except E1144:
        pass
    except E1145:
        pass
    except E1146:
        pass
    except E1147:
        pass
    except E1148:
        pass
    except E1149:
        pass
    except E1150:
        pass
    except E1151:
        pass
    except E1152:
        pass
    except E1153:
        pass
    except E1154:
        pass
    except E1155:
        pass
    except E1156:
        pass
    except E1157:
        pass
    except E1158:
        pass
    except E1159:
        pass
    except E1160:
        pass
    except E1161:
        pass
    except E1162:
        pass
    except E1163:
        pass
    except E1164:
        pass
    except E1165:
        pass
    except E1166:
        pass
    except E1167:
        pass
    except E1168:
        pass
    except E1169:
        pass
    except E1170:
        pass
    except E1171:
        pass
    except E1172:
        pass
    except E1173:
        pass
    except E1174:
        pass
    except E1175:
        pass
    except E1176:
        pass
    except E1177:
        pass
    except E1178:
        pass
    except E1179:
        pass
    except E1180:
        pass
    except E1181:
        pass
    except E1182:
        pass
    except E1183:
        pass
    except E1184:
        pass
    except E1185:
        pass
    except E1186:
        pass
    except E1187:
        pass
    except E1188:
        pass
    except E1189:
        pass
    except E1190:
        pass
    except E1191:
        pass
    except E1192:
        pass
    except E1193:
        pass
    except E1194:
        pass
    except E1195:
        pass
    except E1196:
        pass
    except E1197:
        pass
    except E1198:
        pass
    except E1199:
        pass
    except E1200:
        pass
    except E1201:
        pass
    except E1202:
        pass
    except E1203:
        pass
    except E1204:
        pass
    except E1205:
        pass
    except E1206:
        pass
    except E1207:
        pass
    except E1208:
        pass
    except E1209:
        pass
    except E1210:
        pass
    except E1211:
        pass
    except E1212:
        pass
    except E1213:
        pass
    except E1214:
        pass
    except E1215:
        pass
    except E1216:
        pass
    except E1217:
        pass
    except E1218:
        pass
    except E1219:
        pass
    except E1220:
        pass
    except E1221:
        pass
    except E1222:
        pass
    except E1223:
        pass
    except E1224:
        pass
    except E1225:
        pass
    except E1226:
        pass
    except E1227:
        pass
    except E1228:
        pass
    except E1229:
        pass
    except E1230:
        pass
    except E1231:
        pass
    except E1232:
        pass
    except E1233:
        pass
    except E1234:
        pass
    except E1235:
        pass
    except E1236:
        pass
    except E1237:
        pass
    except E1238:
        pass
    except E1239:
        pass
    except E1240:
        pass
    except E1241:
        pass
    except E1242:
        pass
    except E1243:
        pass
    except E1244:
        pass
    except E1245:
        pass
    except E1246:
        pass
    except E1247:
        pass
    except E1248:
        pass
    except E1249:
        pass
    except E1250:
        pass
    except E1251:
        pass
    except E1252:
        pass
    except E1253:
        pass
    except E1254:
        pass
    except E1255:
        pass
    except E1256:
        pass
    except E1257:
        pass
    except E1258:
        pass
    except E1259:
        pass
    except E1260:
        pass
    except E1261:
        pass
    except E1262:
        pass
    except E1263:
        pass
    except E1264:
        pass
    except E1265:
        pass
    except E1266:
        pass
    except E1267:
        pass
    except E1268:
        pass
    except E1269:
        pass
    except E1270:
        pass
    except E1271:
        pass
    except E1272:
        pass
    except E1273:
        pass
    except E1274:
        pass
    except E1275:
        pass
    except E1276:
        pass
    except E1277:
        pass
    except E1278:
        pass
    except E1279:
        pass
    except E1280:
        pass
    except E1281:
        pass
    except E1282:
        pass
    except E1283:
        pass
    except E1284:
        pass
    except E1285:
        pass
    except E1286:
        pass
    except E1287:
        pass
    except E1288:
        pass
    except E1289:
        pass
    except E1290:
        pass
    except E1291:
        pass
    except E1292:
        pass
    except E1293:
        pass
    except E1294:
        pass
    except E1295:
        pass
    except E1296:
        pass
    except E1297:
        pass
    except E1298:
        pass
    except E1299:
        pass
    except E1300:
        pass
    except E1301:
        pass
    except E1302:
        pass
    except E1303:
        pass
    except E1304:
        pass
    except E1305:
        pass
    except E1306:
        pass
    except E1307:
        pass
    except E1308:
        pass
    except E1309:
        pass
    except E1310:
        pass
    except E1311:
        pass
    except E1312:
        pass
    except E1313:
        pass
    except E1314:
        pass
    except E1315:
        pass
    except E1316:
        pass
    except E1317:
        pass
    except E1318:
        pass
    except E1319:
        pass
    except E1320:
        pass
    except E1321:
        pass
    except E1322:
        pass
    except E1323:
        pass
    except E1324:
        pass
    except E1325:
        pass
    except E1326:
        pass
    except E1327:
        pass
    except E1328:
        pass
    except E1329:
        pass
    except E1330:
        pass
    except E1331:
        pass
    except E1332:
        pass
    except E1333:
        pass
    except E1334:
        pass
    except E1335:
        pass
    except E1336:
        pass
    except E1337:
        pass
    except E1338:
        pass
    except E1339:
        pass
    except E1340:
        pass
    except E1341:
        pass
    except E1342:
        pass
    except E1343:
        pass
    except E1344:
        pass
    except E1345:
        pass
    except E1346:
        pass
    except E1347:
        pass
    except E1348:
        pass
    except E1349:
        pass
    except E1350:
        pass
    except E1351:
        pass
    except E1352:
        pass
    except E1353:
        pass
    except E1354:
        pass
    except E1355:
        pass
    except E1356:
        pass
    except E1357:
        pass
    except E1358:
        pass
    except E1359:
        pass
    except E1360:
        pass
    except E1361:
        pass
    except E1362:
        pass
    except E1363:
        pass
    except E1364:
        pass
    except E1365:
        pass
    except E1366:
        pass
    except E1367:
        pass
    except E1368:
        pass
    except E1369:
        pass
    except E1370:
        pass
    except E1371:
        pass
    except E1372:
        pass
    except E1373:
        pass
    except E1374:
        pass
    except E1375:
        pass
    except E1376:
        pass
    except E1377:
        pass
    except E1378:
        pass
    except E1379:
        pass
    except E1380:
        pass
    except E1381:
        pass
    except E1382:
        pass
    except E1383:
        pass
    except E1384:
        pass
    except E1385:
        pass
    except E1386:
        pass
    except E1387:
        pass
    except E1388:
        pass
    except E1389:
        pass
    except E1390:
        pass
    except E1391:
        pass
    except E1392:
        pass
    except E1393:
        pass
    except E1394:
        pass
    except E1395:
        pass
    except E1396:
        pass
    except E1397:
        pass
    except E1398:
        pass
    except E1399:
        pass
    except E1400:
        pass
    except E1401:
        pass
    except E1402:
        pass
    except E1403:
        pass
    except E1404:
        pass
    except E1405:
        pass
    except E1406:
        pass
    except E1407:
        pass
    except E1408:
        pass
    except E1409:
        pass
    except E1410:
        pass
    except E1411:
        pass
    except E1412:
        pass
    except E1413:
        pass
    except E1414:
        pass
    except E1415:
        pass
    except E1416:
        pass
    except E1417:
        pass
    except E1418:
        pass
    except E1419:
        pass
    except E1420:
        pass
    except E1421:
        pass
    except E1422:
        pass
    except E1423:
        pass
    except E1424:
        pass
    except E1425:
        pass
    except E1426:
        pass
    except E1427:
        pass
    except E1428:
        pass
    except E1429:
        pass
    except E1430:
        pass
    except E1431:
        pass
    except E1432:
        pass
    except E1433:
        pass
    except E1434:
        pass
    except E1435:
        pass
    except E1436:
        pass
    except E1437:
        pass
    except E1438:
        pass
    except E1439:
        pass
    except E1440:
        pass
    except E1441:
        pass
    except E1442:
        pass
    except E1443:
        pass
    except E1444:
        pass
    except E1445:
        pass
    except E1446:
        pass
    except E1447:
        pass
    except E1448:
        pass
    except E1449:
        pass
    except E1450:
        pass
    except E1451:
        pass
    except E1452:
        pass
    except E1453:
        pass
    except E1454:
        pass
    except E1455:
        pass
    except E1456:
        pass
    except E1457:
        pass
    except E1458:
        pass
    except E1459:
        pass
    except E1460:
        pass
    except E1461:
        pass
    except E1462:
        pass
    except E1463:
        pass
    except E1464:
        pass
    except E1465:
        pass
    except E1466:
        pass
    except E1467:
        pass
    except E1468:
        pass
    except E1469:
        pass
    except E1470:
        pass
    except E1471:
        pass
    except E1472:
        pass
    except E1473:
        pass
    except E1474:
        pass
    except E1475:
        pass
    except E1476:
        pass
    except E1477:
        pass
    except E1478:
        pass
    except E1479:
        pass
    except E1480:
        pass
    except E1481:
        pass
    except E1482:
        pass
    except E1483:
        pass
    except E1484:
        pass
    except E1485:
        pass
    except E1486:
        pass
    except E1487:
        pass
    except E1488:
        pass
    except E1489:
        pass
    except E1490:
        pass
    except E1491:
        pass
    except E1492:
        pass
    except E1493:
        pass
    except E1494:
        pass
    except E1495:
        pass
    except E1496:
        pass
    except E1497:
        pass
    except E1498:
        pass
    except E1499:
        pass
    return 0
